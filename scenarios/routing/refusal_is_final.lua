--- An unknown number, and a busy one: the caller is told, and the second gateway is not asked.
local ds <const> = require "ds"

return ds.scenario {
  topology = "two_gateways",
  proves   = { "RTE-07", "CALL-04" },

  run = function(net)
    local unknown <close> = net.alice:dial("+12065559999")

    unknown:wait("failed")

    local busy <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:busy()
    busy:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(404):silent { "gateway_b" }
    wire:call { nth = 2 }:refused(486):silent { "gateway_b" }
  end,
}
