--- Bob is at the other site and has no voice mail: a call from the PSTN is refused, and rings nowhere.
local ds <const> = require "ds"

return ds.scenario {
  topology    = "location_based",
  stops_short = true,
  proves      = { "RTE-20", "SIG-15", "CALL-04" },

  run = function(net)
    net.bob:move_to(net.bob_west)

    local caller <close> = net.pstn:dial(net.bob)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(480):path { "pstn", "gateway_east", "mediation", "pool" }
      :silent { "bob_west", "um" }
  end,
}
