--- The PBX's media processor stands near the clients, the PBX does not: their audio bypasses.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "direct_sip_partner",
  variants = { "media_processor" },
  calls    = { "ev_to_pstn", "pbx_to_ev" },
  answered = true,
  proves   = { "BYP-01", "BYP-24" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():never_touches("mediation")
  end,
}
