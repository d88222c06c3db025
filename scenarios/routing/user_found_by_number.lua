--- A call from the PSTN whose number is a user's rings that user and goes back to no trunk.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  proves   = { "RTE-02", "SIG-11" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    caller:wait("ringing")
    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486)
  end,
}
