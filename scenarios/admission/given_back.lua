--- The link to the branch holds one call. When that is over its bandwidth is another call's.
local ds <const> = require "ds"

return ds.scenario {
  topology = "admission",
  proves   = { "CAC-01", "CAC-02", "CAC-03", "CAC-05", "TOPO-01" },

  run = function(net)
    net.alice:call(net.bella, 200 * ds.ms)
    net.bruno:call(net.dora, 200 * ds.ms)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "bella" }
    wire:call { nth = 2 }:answered():path { "bruno", "pool", "dora" }
  end,
}
