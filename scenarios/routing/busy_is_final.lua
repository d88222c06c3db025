--- A busy number is busy: after the peer's 486 no trunk is tried again.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  proves   = { "RTE-07", "CALL-04" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486)
  end,
}
