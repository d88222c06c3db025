--- The gateway dies before it hears the answer: the PSTN repeats it for 32 s, and hangs up.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "voip_only",
  proves   = { "TIME-01", "TIME-02", "TIME-03" },
  limit    = 120 * s,

  run = function(net)
    net.alice:dial(net.pstn)

    local callee <close> = net.pstn:await_call()

    net:fault "kill gateway"
    callee:answer()
    callee:wait("ended", 70 * s)
  end,

  expect = function(wire)
    local call <const> = wire:call()

    call:sends("pstn", "gateway", "200 SDP"):at {
      0, 500 * ms, 1500 * ms, 3500 * ms, 7500 * ms, 11500 * ms, 15500 * ms, 19500 * ms,
      23500 * ms, 27500 * ms, 31500 * ms,
    }
    call:sends("pstn", "gateway", "BYE"):at {
      0, 500 * ms, 1500 * ms, 3500 * ms, 7500 * ms, 11500 * ms, 15500 * ms, 19500 * ms,
      23500 * ms, 27500 * ms, 31500 * ms,
    }
  end,
}
