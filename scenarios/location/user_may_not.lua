--- The site has a way for the number, and the user's own policy has none: the call fails with 12004.
local ds <const> = require "ds"

return ds.scenario {
  topology = "location_based",
  proves   = { "RTE-05" },

  run = function(net)
    local caller <close> = net.bob:dial("+12125550133")

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(404):path { "bob", "pool" }:silent { "mediation" }
  end,
}
