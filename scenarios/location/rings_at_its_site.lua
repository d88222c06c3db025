--- A call from the PSTN rings the telephone at the site that it comes in at, and not the one at home.
--- A call that comes in by the gateway that is open to all rings at home, too.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(net, user)
  local caller <close> = net.pstn:dial(user)
  local callee <close> = user:await_call()

  callee:ring()
  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "location_based",
  proves   = { "RTE-20", "RTE-02", "OPT-01", "OPT-02" },

  run = function(net)
    talk(net, net.alice)
    talk(net, net.rita)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "pstn", "gateway_west", "mediation", "pool", "alice" }
      :silent { "edge", "alice_home" }
    wire:call { nth = 2 }:answered()
      :path { "pstn", "gateway_main", "mediation", "pool", "edge", "rita" }
  end,
}
