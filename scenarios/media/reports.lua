--- Both ends of a call on a trunk send RTCP while they talk.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "bypass_off" },
  calls    = { "ev_to_pstn" },
  proves   = { "MED-09" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(11 * s)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
