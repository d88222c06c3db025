--- A remote worker makes an emergency call by a policy of her own, and tells where she is. Nobody
--- inside knows the place, so that it has no number (ELIN), and she calls with hers.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "emergency",
  proves   = { "RTE-21", "RTE-22", "EMG-01", "SIG-16" },

  run = function(net)
    local caller <close> = net.rita:dial("911")
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered()
      :path { "rita", "edge", "pool", "mediation", "gateway_west", "pstn" }
  end,
}
