--- The Mediation Server tells nothing to a gateway whose certificate was made out to somebody else.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  variants = { "foreign_certificate" },
  proves   = { "TOPO-18" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(503):path { "alice", "pool", "mediation" }
  end,
}
