--- The gateway dies before it hears that the callee is busy: the PSTN repeats it for 32 s, no more.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "voip_only",
  proves   = { "TIME-04" },
  limit    = 60 * s,

  run = function(net)
    net.alice:dial(net.pstn)

    local callee <close> = net.pstn:await_call()

    net:fault "kill gateway"
    callee:busy()
    ds.sleep(50 * s)
  end,

  expect = function(wire)
    wire:call():sends("pstn", "gateway", "486"):at {
      0, 500 * ms, 1500 * ms, 3500 * ms, 7500 * ms, 11500 * ms, 15500 * ms, 19500 * ms,
      23500 * ms, 27500 * ms, 31500 * ms,
    }
  end,
}
