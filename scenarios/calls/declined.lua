--- In every option a callee who declines while it rings is heard as 603 by the caller.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  variants = ds.every_bypass,
  calls    = ds.every_call,
  proves   = { "CALL-04" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("ringing")
    callee:decline()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(603)
  end,
}
