--- The usage of a location policy has no route for the number: the emergency call is refused
--- with the error id 12004, and no trunk hears of it. At the other site nothing is amiss.
local ds <const> = require "ds"

return ds.scenario {
  topology = "emergency",
  variants = { "no_route" },
  proves   = { "RTE-05", "RTE-21" },

  run = function(net)
    local nowhere <close> = net.bob:dial("911")

    nowhere:wait("failed")

    local caller <close> = net.alice:dial("911")
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ds.ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(404):path { "bob", "pool" }:silent { "mediation" }
    wire:call { nth = 2 }:answered()
  end,
}
