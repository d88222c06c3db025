--- Calls between the PBXs of two sites cross Lync Server, though neither site's calls to the PSTN may leave
--- at the other: location-based routing lets them pass.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "location_based_pbx",
  variants = { "pbx_at_each_site" },
  proves   = { "RTE-31", "RTE-19", "RTE-17", "OPT-01", "OPT-02" },

  run = function(net)
    net.carol:call(net.dora, 120 * ms)
    net.dora:call(net.carol, 120 * ms)
    net.carol:call(net.pstn, 120 * ms)
    net.dora:call(net.pstn, 120 * ms)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path {
      "carol", "pbx", "gateway_pbx", "mediation", "pool", "mediation", "gateway_pbx_east",
      "pbx_east", "dora",
    }
    wire:call { nth = 2 }:answered():path {
      "dora", "pbx_east", "gateway_pbx_east", "mediation", "pool", "mediation", "gateway_pbx",
      "pbx", "carol",
    }
    wire:call { nth = 3 }:answered():silent { "gateway_main" }:path {
      "carol", "pbx", "gateway_pbx", "mediation", "pool", "mediation", "gateway_west", "pstn",
    }
    wire:call { nth = 4 }:answered():silent { "gateway_west" }:path {
      "dora", "pbx_east", "gateway_pbx_east", "mediation", "pool", "mediation", "gateway_main",
      "pstn",
    }
  end,
}
