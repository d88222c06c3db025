--- Nobody takes up a parked call: after a minute and a half it rings back to who parked it.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = { "analogue_devices", "behind_pbx" },
  variants = { "call_park" },
  limit    = 120 * s,
  proves   = { "PARK-05", "PARK-06" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(150 * ms)
    first:park()
    first:wait("ended")

    local again <close> = net.alice:await_call(95 * s)

    again:answer():talk(300 * ms):hang_up()
    caller:wait("ended")
  end,
}
