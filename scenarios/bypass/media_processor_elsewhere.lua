--- The PBX stands near the clients, its media processor does not: the Mediation Server relays.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "direct_sip_partner",
  variants = { "media_processor_in_annex" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  answered = true,
  proves   = { "BYP-04", "BYP-24" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("mediation", "pbx"):both_ways()
  end,
}
