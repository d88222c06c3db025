--- Both hold at once, and both resume: offers that meet are refused with 491 and made again.
local ds <const> = require "ds"
local s <const> = ds.s

--- Whom the other already holds holds no more than that.
local function hold_and_resume(call)
  if call:state() == "answered" then
    call:hold(10 * s)
  end
  if call:state() == "held" then
    call:resume(10 * s)
  end
end

return ds.scenario {
  topology = "voip_only",
  calls    = { "ev_to_pstn" },
  race     = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()
    local done = false

    callee:answer()
    caller:wait("answered")
    ds.spawn(function()
      hold_and_resume(callee)
      done = true
    end)
    hold_and_resume(caller)
    ds.wait(function() return done end, 10 * s, "the callee to be answered again")
    caller:wait("answered"):talk(120 * ds.ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("caller"):audio():both_ways()
  end,
}
