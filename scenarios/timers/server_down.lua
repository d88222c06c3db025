--- The Mediation Server answers no more: its gateway refuses calls to it until a poll says it is back.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

return ds.scenario {
  topology = "two_gateways",
  proves   = { "PEER-01", "PEER-02" },
  limit    = 12 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered

    local frozen <const> = net:fault "freeze mediation"

    ds.sleep(5 * min + 40 * s)

    local refused <close> = net.pstn:dial(net.alice)

    refused:wait("failed")
    frozen:stop()
    ds.sleep(1 * min)

    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(503):path { "pstn", "gateway_a" }
    wire:call { nth = 2 }:refused(486):path { "pstn", "gateway_a", "mediation", "pool", "alice" }
    wire:sends("gateway_a", "mediation", "OPTIONS")
      :at({ 0, 1 * min, 2 * min, 3 * min, 4 * min, 5 * min, 6 * min }, 1 * s)
  end,
}
