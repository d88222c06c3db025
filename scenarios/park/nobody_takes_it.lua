--- A parked call rings back to who parked it, wherever her own calls are forwarded to. She does not
--- take it, and it is cleared.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "analogue_devices",
  variants = { "call_park_forwarded" },
  proves   = { "PARK-05", "PARK-06", "XFER-01" },

  run = function(net)
    local caller <close> = net.alice:dial(net.bob)
    local callee <close> = net.bob:await_call()

    callee:answer()
    caller:wait("answered"):talk(150 * ms)

    local orbit <const> = caller:park()

    assert(orbit == "*701")
    caller:wait("ended")
    net.alice:await_call(11 * s):busy()
    callee:wait("ended")
  end,
}
