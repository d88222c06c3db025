--- The caller gives up just as the callee answers: either may win, and afterwards nobody is up.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  variants = { "bypass_on", "reliable_provisionals" },
  calls    = ds.every_call,
  race     = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("ringing")
    ds.spawn(function()
      if not callee:is_over() then
        callee:answer()
      end
    end)
    caller:cancel()
    callee:wait("ended")
    ds.wait(function() return caller:is_over() end, 5 * ds.s, "the caller's end")
  end,

  expect = function(wire)
    local call <const> = wire:call()
    local answered <const> = call.outcome == "answered"

    wire:expect(answered or call.outcome == "cancelled", "the call was " .. call.outcome)
    if answered then
      call:cleared_by("caller")
    end
  end,
}
