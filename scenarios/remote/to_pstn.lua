--- A remote worker's call to the PSTN goes through the A/V Edge and the Mediation Server, whatever
--- the bypass settings say.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  variants = { "bypass_on", "bypass_off", "always_bypass", "other_site", "behind_nat" },
  proves   = {
    "OPT-01", "OPT-02", "BYP-08", "MED-15", "ICE-01", "ICE-02", "ICE-03", "TURN-01", "CALL-02",
  },

  run = function(net)
    local caller <close> = net.rita:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:ring()
    callee:answer()
    caller:wait("answered")
    caller:talk(400 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "rita", "edge", "pool", "mediation", "gateway", "pstn" }
    call:answered():audio():both_ways():for_at_least(100 * ms)
  end,
}
