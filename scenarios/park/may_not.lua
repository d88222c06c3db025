--- Who may not park calls, which is so unless the voice policy says otherwise, is told so; the call
--- goes on.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "analogue_devices", "behind_pbx" },
  variants = { "call_park" },
  race     = true,  -- whether a packet is sent in the short calls to the service, among others
  proves   = { "PARK-04" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.bob)
    local callee <close> = net.bob:await_call()

    callee:answer()
    caller:wait("answered"):talk(150 * ms)

    local orbit <const>, status <const> = callee:park()

    assert(orbit == nil and status == 403)
    callee:resume():talk(200 * ms):hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():cleared_by("bob")
    wire:call { nth = 2 }:refused(403)
  end,
}
