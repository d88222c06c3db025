--- A number abroad matches no route of the pool: the call fails there, with id 12004, and no trunk hears of it.
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
