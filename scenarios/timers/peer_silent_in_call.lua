--- The gateway falls silent in the middle of a call: after 30 s without RTCP it is ended from inside.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "voip_only",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "MED-10" },
  limit    = 60 * s,

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(6 * s)

    local frozen <close> = net:fault "freeze gateway"

    caller:wait("ended", 36 * s)
    frozen:stop()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered()
  end,
}
