--- Each trunk has numbers as it wants them: one's rules rewrite them, the other takes the + off.
--- The route of the second call shows another caller, whose identity its trunk passes on.
local ds <const> = require "ds"

local function call_and_give_up(net, number)
  local caller <close> = net.alice:dial(number)
  local callee <close> = net.pstn:await_call()

  callee:ring()
  caller:wait("ringing")
  caller:cancel()
  callee:wait("ended")
end

return ds.scenario {
  topology = "least_cost",
  variants = { "translated" },
  proves   = { "RTE-15", "RTE-16", "SIG-04", "SIG-05", "SIG-07" },

  run = function(net)
    call_and_give_up(net, "+12065550199")
    call_and_give_up(net, "+12125550133")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:cancelled():silent { "gateway_east" }
    wire:call { nth = 2 }:cancelled():silent { "gateway_west" }
  end,
}
