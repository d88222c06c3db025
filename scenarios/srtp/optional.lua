--- Whoever can encrypts where the trunk leaves it open: SRTP is offered beside RTP, and taken or not.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "srtp",
  variants = { "optional", "optional_through_mediation", "clients_insist", "trunk_insists" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  answered = true,
  proves   = { "MED-24" },

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
    wire:call():answered():audio():both_ways():for_at_least(100 * ms)
  end,
}
