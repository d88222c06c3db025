--- Whoever answers is heard at once, and so is who called.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "bypass_off" },
  calls    = { "pstn_to_ev", "ev_to_pbx" },
  proves   = { "MED-32" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("ringing")
    ds.sleep(1 * s)
    callee:answer()
    caller:wait("answered")
    caller:talk(2 * s)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
