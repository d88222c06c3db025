--- A PBX phone calls Alice, whose mobile rings along and announces something: the caller hears that.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx", "direct_sip_partner" },
  variants = { "ring_also" },
  proves   = { "SIG-18", "FWD-03", "OPT-01", "OPT-02", "OPT-03", "CALL-02", "CALL-05", "BYP-22" },

  run = function(net)
    local caller <close> = net.dave:dial(net.alice)
    local computer <close> = net.alice:await_call()
    local mobile <close> = net.pstn:await_call()

    computer:ring()
    mobile:early_media()
    caller:wait("early_media")
    ds.sleep(300 * ms)
    mobile:answer()
    computer:wait("ended")
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    mobile:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("pbx", "dave"):for_at_least(450 * ms):hears("dave", "pstn")
  end,
}
