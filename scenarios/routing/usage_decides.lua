--- Two users call the same number: one's usages have a route for it, the other's have none (12004).
local ds <const> = require "ds"

return ds.scenario {
  topology = "least_cost",
  proves   = { "RTE-03", "RTE-05" },

  run = function(net)
    local admitted <close> = net.alice:dial("+12125550133")
    local callee <close> = net.pstn:await_call()

    callee:busy()
    admitted:wait("failed")

    local refused <close> = net.bob:dial("+12125550133")

    refused:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(486):path { "alice", "pool", "mediation", "gateway_east", "pstn" }
    wire:call { nth = 2 }:refused(404):path { "bob", "pool" }:silent { "mediation" }
  end,
}
