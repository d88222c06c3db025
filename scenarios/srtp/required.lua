--- A trunk and clients that require SRTP: keys are told in every description, and both ends are
--- heard, whether audio passes the Mediation Server or the keys go by it from end to end.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "srtp",
  variants = { "required", "required_through_mediation" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  answered = true,
  proves   = { "MED-24" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(240 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways():for_at_least(100 * ms)
  end,
}
