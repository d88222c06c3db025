--- A user whose voice policy has no usage may call nobody outside, but in an emergency.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "emergency",
  proves   = { "RTE-04", "RTE-21", "RTE-22" },

  run = function(net)
    local outside <close> = net.adam:dial("+12065550123")

    outside:wait("failed")

    local caller <close> = net.adam:dial("911")
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(403):path { "adam", "pool" }:silent { "mediation" }
    wire:call { nth = 2 }:answered()
      :path { "adam", "pool", "mediation", "gateway_west", "pstn" }
  end,
}
