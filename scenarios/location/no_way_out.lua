--- Every gateway is restricted to a site: calls from elsewhere, and from home, leave by none of them.
local ds <const> = require "ds"

return ds.scenario {
  topology = "location_based",
  variants = { "all_restricted" },
  proves   = { "RTE-19", "SIG-15" },

  run = function(net)
    local elsewhere <close> = net.lena:dial(net.pstn)

    elsewhere:wait("failed")

    local at_home <close> = net.rita:dial(net.pstn)

    at_home:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(403):path { "lena", "pool" }:silent { "mediation" }
    wire:call { nth = 2 }:refused(403):path { "rita", "edge", "pool" }:silent { "mediation" }
  end,
}
