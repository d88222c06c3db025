--- Calls to the PSTN leave by the gateway that is cheapest for their number, whoever makes them.
--- A PBX user's call comes in from one gateway and leaves by the other.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(net, from, number)
  local caller <close> = from:dial(number)
  local callee <close> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "least_cost",
  proves   = { "RTE-03", "RTE-28", "RTE-17" },

  run = function(net)
    talk(net, net.alice, "+12065550199")
    talk(net, net.alice, "+12125550133")
    talk(net, net.carol, "+12125550133")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered()
      :path { "alice", "pool", "mediation", "gateway_west", "pstn" }
    wire:call { nth = 2 }:answered()
      :path { "alice", "pool", "mediation", "gateway_east", "pstn" }
    wire:call { nth = 3 }:answered():path {
      "carol", "pbx", "gateway_west", "mediation", "pool", "mediation", "gateway_east", "pstn",
    }
  end,
}
