--- The caller holds as the callee hangs up: the hold comes to nothing, and the call is cleared.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  calls    = ds.every_call,
  proves   = { "CALL-05" },
  race     = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ds.ms)
    ds.spawn(function() callee:hang_up() end)
    pcall(caller.hold, caller) -- which may find the call gone
    caller:wait("ended")
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("callee")
  end,
}
