--- Bob has a desk at the other site and kept his number: colleagues reach him, calls from the PSTN do
--- not, and his own leave where he is now. The plan says so, too.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(caller, callee)
  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "location_based",
  variants = { "desk_moved" },
  proves   = { "RTE-19", "RTE-20", "TOPO-01" },

  run = function(net)
    local stranger <close> = net.pstn:dial(net.bob)

    stranger:wait("failed")

    local colleague <close> = net.alice:dial(net.bob)
    local found <close> = net.bob:await_call()

    talk(colleague, found)

    local caller <close> = net.bob:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    talk(caller, callee)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(480):as_planned()
    wire:call { nth = 2 }:answered():as_planned()
    wire:call { nth = 3 }:answered():as_planned()
      :path { "bob", "pool", "mediation", "gateway_west", "pstn" }
  end,
}
