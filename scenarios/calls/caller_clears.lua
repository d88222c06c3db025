--- Every call of every option is answered, heard at both ends, and cleared by its caller.
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

    callee:ring()
    caller:wait("ringing")
    callee:answer()
    caller:wait("answered")
    caller:talk(240 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("caller"):audio():both_ways():for_at_least(100 * ms)
  end,
}
