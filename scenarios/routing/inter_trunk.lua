--- In front of the PBX, a PBX user's call to the PSTN may cross Lync Server.
--- The Mediation Server then picks the gateway for it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "in_front_of_pbx",
  variants = { "inter_trunk" },
  calls    = { "pbx_to_pstn" },
  answered = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    callee:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():path {
      "carol", "pbx", "gateway", "mediation", "pool", "mediation", "gateway", "pstn",
    }
  end,
}
