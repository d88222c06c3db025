--- The gateway sends no RTCP, as its trunk says: a call of more than half a minute goes on.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "voip_only",
  variants = { "without_rtcp" },
  proves   = { "MED-11" },
  limit    = 60 * s,

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    ds.sleep(37 * s)

    if not caller:is_over() then
      caller:hang_up()
    end
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
