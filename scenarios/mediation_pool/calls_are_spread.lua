--- Calls in and out reach the two Mediation Servers of the pool in turn.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "mediation_pool",
  proves   = { "RTE-29" },

  run = function(net)
    net.pstn:call(net.alice, 100 * ms)
    net.pstn:call(net.bob, 100 * ms)
    net.alice:call(net.pstn, 100 * ms)
    net.bob:call(net.pstn, 100 * ms)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "pstn", "gateway", "mediation_a", "pool", "alice" }
    wire:call { nth = 2 }:answered():path { "pstn", "gateway", "mediation_b", "pool", "bob" }
    wire:call { nth = 3 }:answered():path { "alice", "pool", "mediation_a", "gateway", "pstn" }
    wire:call { nth = 4 }:answered():path { "bob", "pool", "mediation_b", "gateway", "pstn" }
    for nth = 1, 4 do
      wire:call { nth = nth }:as_planned()
    end
  end,
}
