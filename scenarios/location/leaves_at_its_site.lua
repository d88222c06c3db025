--- Each user's call to the PSTN leaves at the site where it is made, whatever the user's own policy.
--- From a place without a policy, and from home, it leaves by the gateway that is open to all.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(net, from)
  local caller <close> = from:dial(net.pstn)
  local callee <close> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "location_based",
  proves   = { "RTE-19", "RTE-03", "OPT-01", "OPT-02" },

  run = function(net)
    talk(net, net.alice)
    talk(net, net.bob)
    talk(net, net.lena)
    talk(net, net.rita)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "mediation", "gateway_west", "pstn" }
    wire:call { nth = 2 }:answered():path { "bob", "pool", "mediation", "gateway_east", "pstn" }
    wire:call { nth = 3 }:answered():path { "lena", "pool", "mediation", "gateway_main", "pstn" }
    wire:call { nth = 4 }:answered()
      :path { "rita", "edge", "pool", "mediation", "gateway_main", "pstn" }
  end,
}
