--- Alice's mobile would ring along, which her policy forbids: her devices ring alone, and she answers.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "ring_inside" },
  proves   = { "RTE-18", "OPT-01", "OPT-02", "SIG-18" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local desk <close> = net.alice_desk:await_call()
    local callee <close> = net.alice:await_call()

    desk:ring()
    callee:answer()
    caller:wait("answered"):talk(200 * ms)
    desk:wait("ended")
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():silent { "mediation", "gateway" }
  end,
}
