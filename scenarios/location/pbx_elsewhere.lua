--- The PBX stands at a site without a policy: its users' calls leave by the gateway that is open to all.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "location_based_pbx",
  variants = { "pbx_in_the_east" },
  proves   = { "RTE-19", "RTE-17", "OPT-01", "OPT-02" },

  run = function(net)
    local caller <close> = net.carol:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():path {
      "carol", "pbx", "gateway_pbx", "mediation", "pool", "mediation", "gateway_main", "pstn",
    }
  end,
}
