--- One Mediation Server of the pool is taken away: all new calls reach the other, as the plan says.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(from, to)
  local caller <close> = from:dial(to)
  local callee <close> = to:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "mediation_pool",

  run = function(net)
    net.mediation_a:fail()
    talk(net.alice, net.pstn)
    talk(net.pstn, net.alice)
    talk(net.pstn, net.bob)
  end,

  expect = function(wire)
    for nth = 1, 3 do
      wire:call { nth = nth }:answered():silent { "mediation_a" }:as_planned("mediation_a")
    end
  end,
}
