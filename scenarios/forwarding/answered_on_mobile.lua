--- Alice's mobile rings along and announces something, which the caller hears; then she answers there.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "ring_also" },
  proves   = { "SIG-18", "FWD-03", "OPT-01", "OPT-02", "CALL-02", "BYP-01" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local desk <close> = net.alice_desk:await_call()
    local mobile <close> = net.pstn:await_call()

    desk:ring()
    mobile:early_media()
    caller:wait("early_media")
    ds.sleep(200 * ms)
    mobile:answer()
    desk:wait("ended")
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    mobile:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("bob", "gateway"):both_ways():hears("bob", "pstn")
  end,
}
