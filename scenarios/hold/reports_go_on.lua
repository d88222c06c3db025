--- A call is on hold for longer than half a minute: RTCP goes on, and so the call stays up.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "voip_only",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "MED-12" },
  limit    = 60 * s,

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(1 * s):hold()
    callee:wait("held")
    ds.sleep(37 * s)

    if not caller:is_over() then
      caller:resume():hang_up()
    end
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("alice")
  end,
}
