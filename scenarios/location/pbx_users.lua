--- Carol's telephone is the PBX's, and counts as being where the trunk says: her call to the PSTN
--- leaves there, as those of Enterprise Voice users do. Whom she calls inside may be anywhere.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(from, to)
  local caller <close> = from:dial(to)
  local callee <close> = to:await_call()

  callee:answer()
  caller:wait("answered"):talk(120 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "location_based_pbx",
  proves   = { "RTE-19", "RTE-17", "OPT-01", "OPT-02" },

  run = function(net)
    talk(net.carol, net.pstn)
    talk(net.carol, net.bob)
    talk(net.bob, net.carol)
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
