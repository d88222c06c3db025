--- With always bypass calls to the PSTN bypass from wherever they come.
--- Every client offers the one global ID, which stands in for the IDs of the sites.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "always_bypass" },
  calls    = { "ev_to_ev", "ev_to_pstn" },
  answered = true,
  proves   = { "BYP-05" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():never_touches("mediation")
  end,
}
