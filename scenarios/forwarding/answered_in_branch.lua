--- One of Alice's devices may bypass the Mediation Server, and the one that answers may not.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "desk_in_branch" },
  proves   = { "BYP-04", "BYP-22", "SIG-18", "OPT-01", "OPT-02", "CALL-02" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local computer <close> = net.alice:await_call()
    local desk <close> = net.alice_desk:await_call()

    computer:early_media()
    caller:wait("early_media")
    ds.sleep(100 * ms)
    desk:ring()
    desk:answer()
    computer:wait("ended")
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    desk:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("alice_desk", "mediation"):both_ways()
      :hears("pstn", "alice")
  end,
}
