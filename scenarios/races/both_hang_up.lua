--- Both hang up at once: their BYEs meet on the way, and every leg is cleared.
local ds <const> = require "ds"

local function hang_up(call)
  if not call:is_over() then
    call:hang_up()
  end
end

return ds.scenario {
  topology = { "voip_only", "behind_pbx" },
  calls    = { "ev_to_ev", "ev_to_pstn", "pstn_to_ev" },
  proves   = { "CALL-05" },
  race     = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ds.ms)
    ds.spawn(function() hang_up(callee) end)
    hang_up(caller)
    caller:wait("ended")
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered()
  end,
}
