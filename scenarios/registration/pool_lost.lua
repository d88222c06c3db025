--- The pool is lost: after 300 s everybody is signed in at its backup, and calls inside, to the PSTN and
--- from there work as before, by the same Mediation Server.
local ds <const> = require "ds"
local s <const>, min <const>, ms <const> = ds.s, 60 * ds.s, ds.ms

return ds.scenario {
  topology = "voip_only",
  variants = { "paired" },
  proves   = { "REG-01", "REG-03", "OPT-01", "OPT-02" },
  limit    = 12 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered
    net.pool:fail()
    ds.sleep(7 * min)
    net.alice:call(net.bob, 300 * ms)
    net.alice:call(net.pstn, 300 * ms)
    net.pstn:call(net.alice, 300 * ms)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:as_planned("pool"):path { "alice", "pool_b", "bob" }
    wire:call { nth = 2 }:as_planned("pool")
      :path { "alice", "pool_b", "mediation", "gateway", "pstn" }
    wire:call { nth = 3 }:as_planned("pool")
      :path { "pstn", "gateway", "mediation", "pool_b", "alice" }
  end,
}
