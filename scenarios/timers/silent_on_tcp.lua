--- A gateway that stands still is sent one INVITE, for TCP needs no second, and given up after 32 s.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "two_gateways",
  variants = { "patient" },
  proves   = { "TIME-01", "RTE-10" },
  limit    = 120 * s,

  run = function(net)
    ds.sleep(62 * s) -- the first OPTIONS opens the connection
    net:fault "freeze gateway_a"

    local caller <close> = net.alice:dial(net.pstn)

    caller:wait("failed", 33 * s)
  end,

  expect = function(wire)
    local call <const> = wire:call()

    call:refused(408):silent { "gateway_b" }
    call:sends("mediation", "gateway_a", "INVITE"):at { 0 }
  end,
}
