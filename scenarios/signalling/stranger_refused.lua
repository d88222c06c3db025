--- A gateway that the Mediation Server was not told of calls in: 400, and nothing of it at the pool.
local ds <const> = require "ds"

return ds.scenario {
  topology    = "voip_only",
  variants    = { "stranger" },
  proves      = { "SIG-14", "SIG-15" },
  stops_short = true,

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(400):path { "pstn", "gateway_b", "mediation" }
  end,
}
