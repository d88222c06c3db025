--- The Mediation Server hears nothing that a gateway says whose certificate was made out to somebody
--- else: neither of the two lets the other in, and the call reaches nobody.
local ds <const> = require "ds"

return ds.scenario {
  topology    = "voip_only",
  variants    = { "foreign_certificate" },
  proves      = { "TOPO-18" },
  stops_short = true,

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(503):silent { "pool", "alice" }
  end,
}
