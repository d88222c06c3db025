--- Four polls that nobody answered are not enough: calls still try the silent gateway first.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

return ds.scenario {
  topology = "two_gateways",
  proves   = { "RTE-12" },
  limit    = 10 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered
    net:fault "freeze gateway_a"
    ds.sleep(4 * min + 40 * s)

    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call(11 * s)

    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486):sends("mediation", "gateway", "INVITE"):at { 0, 10 * s }
  end,
}
