--- The pool is lost that the Edge has as its next hop: users outside cannot sign in anywhere, nor call,
--- until an administrator sets the next hop to the backup. Then they can, and are called from the PSTN.
local ds <const> = require "ds"
local s <const>, min <const>, ms <const> = ds.s, 60 * ds.s, ds.ms

return ds.scenario {
  topology    = "remote_worker",
  variants    = { "paired" },
  stops_short = true,
  proves      = { "REG-01", "REG-03", "REG-04", "TOPO-17" },
  limit       = 15 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered
    net.pool:fail()
    ds.sleep(7 * min)

    local early <close> = net.rita:dial(net.pstn)

    early:wait("failed")
    net.edge:set_next_hop(net.pool_b)
    ds.sleep(2 * min)
    net.rita:call(net.pstn, 300 * ms)
    net.pstn:call(net.rita, 300 * ms)
    net.alice:call(net.rita, 300 * ms)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(503):path { "rita", "edge" }:silent { "pool_b" }
    wire:call { nth = 2 }:answered()
      :path { "rita", "edge", "pool_b", "mediation", "gateway", "pstn" }
    wire:call { nth = 3 }:answered()
      :path { "pstn", "gateway", "mediation", "pool_b", "edge", "rita" }
    wire:call { nth = 4 }:answered():path { "alice", "pool_b", "edge", "rita" }
  end,
}
