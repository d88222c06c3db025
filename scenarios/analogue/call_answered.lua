--- An analogue telephone calls and is called, by colleagues and by the PSTN.
--- It hangs on a small gateway, which is a peer of the Mediation Server.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "analogue_devices",
  variants = { "bypass_on", "bypass_off" },
  calls    = { "ev_to_analogue", "analogue_to_ev", "analogue_to_pstn", "pstn_to_analogue" },
  answered = true,
  proves   = { "TOPO-19" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("ringing")
    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    callee:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("callee"):audio():both_ways()
  end,
}
