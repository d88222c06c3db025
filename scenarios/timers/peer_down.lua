--- Five polls go unanswered, and the gateway is down: calls leave by the other until it is back.
local ds <const> = require "ds"
local s <const>, ms <const>, min <const> = ds.s, ds.ms, 60 * ds.s

local function call_the_pstn(net)
  local caller <close> = net.alice:dial(net.pstn)
  local callee <close> = net.pstn:await_call()

  callee:busy()
  caller:wait("failed")
end

return ds.scenario {
  topology = "two_gateways",
  proves   = { "RTE-11", "RTE-13" },
  limit    = 12 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered

    local frozen <const> = net:fault "freeze gateway_a"

    ds.sleep(5 * min + 40 * s)
    call_the_pstn(net)
    ds.sleep(2 * min)
    frozen:stop()
    ds.sleep(1 * min)
    call_the_pstn(net)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:path { "alice", "pool", "mediation", "gateway_b", "pstn" }
    wire:call { nth = 2 }:path { "alice", "pool", "mediation", "gateway_a", "pstn" }
    wire:sends("mediation", "gateway_a", "OPTIONS")
      :at({ 0, 1 * min, 2 * min, 3 * min, 4 * min, 5 * min, 6 * min, 7 * min, 8 * min }, 1 * ms)
  end,
}
