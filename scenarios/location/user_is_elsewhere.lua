--- Alice is at the other site. Calls from the PSTN, in by her own site's gateway, go to voice mail at
--- once; colleagues reach her, and her own calls leave where she is.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "location_based",
  proves   = { "RTE-19", "RTE-20", "RTE-23", "OPT-01", "OPT-02", "TOPO-01" },

  run = function(net)
    net.alice:move_to(net.alice_east)

    local missed <close> = net.pstn:dial(net.alice)

    missed:wait("answered", 2 * ds.s):talk(600 * ms):hang_up()

    local colleague <close> = net.bob:dial(net.alice)
    local found <close> = net.alice_east:await_call()

    found:answer()
    colleague:wait("answered"):talk(200 * ms):hang_up()
    found:wait("ended")

    local caller <close> = net.alice_east:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "pstn", "gateway_west", "mediation", "pool", "um" }
      :silent { "alice_east", "edge" }
    wire:call { nth = 2 }:answered()
    wire:call { nth = 3 }:answered()
      :path { "alice_east", "pool", "mediation", "gateway_east", "pstn" }
  end,
}
