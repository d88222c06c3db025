--- A PBX user's call to the PSTN comes in by a trunk that has no usage: it leaves by none.
local ds <const> = require "ds"

return ds.scenario {
  topology = "least_cost",
  variants = { "no_inter_trunk" },
  proves   = { "RTE-17" },

  run = function(net)
    local caller <close> = net.carol:dial("+12125559999")

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(403):path { "carol", "pbx", "gateway_west", "mediation", "pool" }
      :silent { "gateway_east" }
  end,
}
