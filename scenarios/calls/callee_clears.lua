--- Every call of every option is answered at once, without ringing, and cleared by its callee.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = ds.every_bypass,
  calls    = ds.every_call,
  answered = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    callee:talk(240 * ms)
    callee:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("callee"):audio():both_ways():for_at_least(100 * ms)
  end,
}
