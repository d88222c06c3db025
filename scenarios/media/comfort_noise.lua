--- The far end falls silent for a while: comfort noise comes from it, and then its voice again.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "voip_only",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "MED-33", "MED-20", "MED-22" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(1 * s)
    callee:mute()
    caller:talk(2 * s)
    callee:unmute()
    caller:talk(1 * s)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
