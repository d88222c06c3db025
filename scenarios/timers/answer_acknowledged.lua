--- An answer is said once: when its ACK has come, nobody repeats it.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "voip_only",
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  proves   = { "WIRE-11" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(5 * s)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("caller"):audio():both_ways()
  end,
}
