--- In every option a caller gives up while it rings, and nothing rings on.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  variants = ds.every_bypass,
  calls    = ds.every_call,
  proves   = { "CALL-03" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("ringing")
    caller:cancel()
    callee:wait("ended")
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():cancelled()
  end,
}
