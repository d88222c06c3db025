--- The callee hangs up before its answer is acknowledged, the caller as soon as it is answered.
local ds <const> = require "ds"

local function hang_up(call)
  if not call:is_over() then
    call:hang_up()
  end
end

return ds.scenario {
  topology = "voip_only",
  calls    = ds.every_call,
  proves   = { "CALL-01", "CALL-05" },
  race     = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    ds.spawn(function() hang_up(callee) end)
    ds.wait(function() return caller:state() == "answered" or caller:is_over() end, 5 * ds.s,
      "the answer")
    hang_up(caller)
    caller:wait("ended")
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered()
  end,
}
