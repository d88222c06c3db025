--- In every option a busy callee's 486 comes back to the caller as it was, and nobody tries again.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  variants = ds.every_bypass,
  calls    = ds.every_call,
  proves   = { "CALL-04" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486)
  end,
}
