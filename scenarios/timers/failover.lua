--- The first gateway shows no progress: after ten seconds the call goes on through the second.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "two_gateways",
  proves   = { "RTE-09" },
  limit    = 120 * s,

  run = function(net)
    ds.sleep(62 * s) -- the first OPTIONS opens the connection
    net:fault "freeze gateway_a"

    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call(15 * s)

    callee:answer()
    caller:wait("answered"):talk(300 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():sends("mediation", "gateway", "INVITE"):at { 0, 10 * s }
  end,
}
