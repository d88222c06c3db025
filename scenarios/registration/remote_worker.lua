--- A remote worker signs in and is called through the Edge, and by no other way.
local ds <const> = require "ds"

return ds.scenario {
  topology = "remote_worker",
  proves   = { "TOPO-17", "OPT-01" },

  run = function(net)
    local caller <close> = net.rita:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    caller:wait("ringing")
    callee:busy()
    caller:wait("failed")

    local back <close> = net.alice:dial(net.rita)
    local away <close> = net.rita:await_call()

    away:decline()
    back:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(486):path { "rita", "edge", "pool", "alice" }
    wire:call { nth = 2 }:refused(603):path { "alice", "pool", "edge", "rita" }
  end,
}
