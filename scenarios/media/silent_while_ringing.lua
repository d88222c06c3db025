--- While it rings nobody speaks: audio begins when both ends know where it is to go.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voip_only",
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  answered = true,
  proves   = { "MED-14", "MED-16" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("ringing")
    ds.sleep(100 * ms)
    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
