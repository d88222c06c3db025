--- One Mediation Server of the pool is taken away: all new calls reach the other, as the plan says.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "mediation_pool",

  run = function(net)
    net.mediation_a:fail()
    net.alice:call(net.pstn, 200 * ms)
    net.pstn:call(net.alice, 200 * ms)
    net.pstn:call(net.bob, 200 * ms)
  end,

  expect = function(wire)
    for nth = 1, 3 do
      wire:call { nth = nth }:answered():silent { "mediation_a" }:as_planned("mediation_a")
    end
  end,
}
