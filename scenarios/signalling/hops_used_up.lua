--- A call ends where its hops are used up: the last element that would pass it on refuses with 483.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  proves   = { "WIRE-10", "WIRE-12", "WIRE-13" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn, { hops = 2 })

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(483):path { "alice", "pool", "mediation", "gateway" }
  end,
}
