--- A user whose voice policy has no usage calls outside: the pool refuses with the error id 12001,
--- and no trunk hears of it. A colleague is reached all the same.
local ds <const> = require "ds"

return ds.scenario {
  topology = "least_cost",
  variants = { "no_usages" },
  proves   = { "RTE-04", "SIG-15" },

  run = function(net)
    local outside <close> = net.bob:dial("+12065559999")

    outside:wait("failed")

    local caller <close> = net.bob:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(403):path { "bob", "pool" }:silent { "mediation" }
    wire:call { nth = 2 }:refused(486):path { "bob", "pool", "alice" }
  end,
}
