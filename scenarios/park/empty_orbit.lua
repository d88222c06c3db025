--- Nobody is parked at the orbit that is called: not yet, and no longer.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "analogue_devices", "behind_pbx" },
  variants = { "call_park" },
  race     = true,  -- whether a packet is sent in the short calls to the service, among others
  proves   = { "PARK-03" },

  run = function(net)
    local early <close> = net.bob:dial("7001")

    early:wait("failed")

    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(100 * ms)

    local orbit <const> = first:park()

    caller:talk(250 * ms):hang_up()
    caller:wait("ended")

    local late <close> = (rawget(net, "lobby") or net.carol):dial(orbit)

    late:wait("failed")
  end,

  expect = function(wire)
    wire:call { to = "7001", nth = 1 }:refused(404)
  end,
}
