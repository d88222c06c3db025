--- Carol's telephone is the PBX's, and counts as being where the trunk says: her call to the PSTN
--- leaves there, as those of Enterprise Voice users do. Whom she calls inside may be anywhere.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "location_based_pbx",
  proves   = { "RTE-19", "RTE-17", "OPT-01", "OPT-02" },

  run = function(net)
    net.carol:call(net.pstn, 120 * ms)
    net.carol:call(net.bob, 120 * ms)
    net.bob:call(net.carol, 120 * ms)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path {
      "carol", "pbx", "gateway_pbx", "mediation", "pool", "mediation", "gateway_west", "pstn",
    }
    wire:call { nth = 2 }:answered()
      :path { "carol", "pbx", "gateway_pbx", "mediation", "pool", "bob" }
    wire:call { nth = 3 }:answered()
      :path { "bob", "pool", "mediation", "gateway_pbx", "pbx", "carol" }
  end,
}
