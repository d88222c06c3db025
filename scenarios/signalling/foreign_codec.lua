--- The gateway offers G.729 and nothing else: the Mediation Server refuses with 488.
local ds <const> = require "ds"

return ds.scenario {
  topology    = "voip_only",
  variants    = { "only_g729" },
  proves      = { "MED-31" },
  stops_short = true,

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(488):path { "pstn", "gateway", "mediation" }
  end,
}
