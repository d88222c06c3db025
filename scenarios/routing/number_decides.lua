--- Two numbers of the PSTN, and a gateway near each: a call leaves by the one that fits its number.
local ds <const> = require "ds"

local function call(net, number)
  local caller <close> = net.alice:dial(number)
  local callee <close> = net.pstn:await_call()

  callee:busy()
  caller:wait("failed")
end

return ds.scenario {
  topology = "two_gateways",
  variants = { "by_number" },
  proves   = { "RTE-01" },

  run = function(net)
    call(net, "+12065550199")
    call(net, "+12125550133")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:path { "alice", "pool", "mediation", "gateway_a", "pstn" }
    wire:call { nth = 2 }:path { "alice", "pool", "mediation", "gateway_b", "pstn" }
  end,
}
