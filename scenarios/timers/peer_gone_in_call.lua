--- The gateway is gone in the middle of a call: the next refresh finds out, and Alice is told.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

return ds.scenario {
  topology = "two_gateways",
  variants = { "session_timer" },
  proves   = { "TIME-06", "TIME-07" },
  limit    = 20 * min,

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(1 * s):hold()
    ds.sleep(14 * min + 30 * s)
    net:fault "kill gateway_a"
    caller:wait("ended", 2 * min)
    ds.sleep(32 * s)
  end,

  expect = function(wire)
    local call <const> = wire:call()

    call:answered():cleared_by("mediation")
    call:sends("mediation", "gateway_a", "UPDATE"):at { 0 }
    call:sends("mediation", "gateway_a", "BYE"):at { 0 }
  end,
}
