--- A gateway takes twelve seconds to show progress: it is waited for, and the call is up by it.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "two_gateways",
  variants = { "patient" },
  proves   = { "RTE-10", "CALL-01", "CALL-02" },
  limit    = 120 * s,

  run = function(net)
    ds.sleep(62 * s) -- the first OPTIONS opens the connection
    net:fault "freeze gateway_a for 12s"

    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call(13 * s)

    callee:answer()
    caller:wait("answered"):talk(300 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call():answered():cleared_by("alice"):silent { "gateway_b" }

    call:sends("mediation", "gateway_a", "INVITE"):at { 0 }
    call:audio():both_ways()
  end,
}
