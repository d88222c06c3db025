--- On a trunk with session timers the Mediation Server refreshes a call each quarter of an hour.
local ds <const> = require "ds"
local s <const>, ms <const>, min <const> = ds.s, ds.ms, 60 * ds.s

return ds.scenario {
  topology = "two_gateways",
  variants = { "session_timer" },
  proves   = { "TIME-06", "TIME-08" },
  limit    = 60 * min,

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(1 * s):hold()
    ds.sleep(50 * min)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():sends("mediation", "gateway_a", "UPDATE")
      :at({ 0, 15 * min, 30 * min }, 1 * ms)
  end,
}
