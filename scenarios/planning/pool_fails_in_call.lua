--- The pool fails while people talk: they hear one another after it only where the plan says so.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "bypass_off", "inter_trunk" },
  calls    = ds.every_call,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    ds.sleep(300 * ms)
    net.pool:fail()
    ds.sleep(1500 * ms)
    caller:hang_up()
    ds.sleep(100 * ms)
  end,

  expect = function(wire)
    wire:call():answered():outlives_as_planned("pool", 300 * ms)
  end,
}
