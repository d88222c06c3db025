--- A number abroad matches no route: the call fails at the pool, and no trunk hears of it.
--- The pool's refusal carries the error id 12004.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  proves   = { "RTE-05", "SIG-15" },

  run = function(net)
    local caller <close> = net.alice:dial("+442079460018")

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(404):path { "alice", "pool" }:silent { "mediation" }
  end,
}
