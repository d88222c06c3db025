--- A call from the PSTN reaches a remote worker through the Mediation Server and the A/V Edge; she
--- is shown the gateway's audio too, and cannot take it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  variants = ds.every_bypass,
  proves   = { "OPT-01", "OPT-02", "BYP-08", "MED-15", "ICE-01", "ICE-02", "ICE-03", "CALL-02" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.rita)
    local callee <close> = net.rita:await_call()

    callee:ring()
    caller:wait("ringing")
    callee:answer()
    caller:wait("answered")
    caller:talk(400 * ms)
    callee:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "pstn", "gateway", "mediation", "pool", "edge", "rita" }
    call:answered():cleared_by("callee"):audio():both_ways():for_at_least(100 * ms)
  end,
}
