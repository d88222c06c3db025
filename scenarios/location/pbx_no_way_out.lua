--- No gateway is open to the site where the PBX stands: its users call nobody outside.
local ds <const> = require "ds"

return ds.scenario {
  topology = "location_based_pbx",
  variants = { "all_restricted" },
  proves   = { "RTE-19", "SIG-15" },

  run = function(net)
    local caller <close> = net.carol:dial(net.pstn)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(403):path { "carol", "pbx", "gateway_pbx", "mediation", "pool" }
      :silent { "gateway_west", "gateway_main" }
  end,
}
