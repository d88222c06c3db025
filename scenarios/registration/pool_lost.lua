--- The pool is lost: after 300 s everybody is signed in at its backup, and calls inside, to the PSTN and
--- from there work as before, by the same Mediation Server.
local ds <const> = require "ds"
local s <const>, min <const>, ms <const> = ds.s, 60 * ds.s, ds.ms

local function talk(caller, callee)
  local near <close> = caller:dial(callee)
  local far <close> = callee:await_call()

  far:answer()
  near:wait("answered"):talk(300 * ms):hang_up()
  far:wait("ended")
end

return ds.scenario {
  topology = "voip_only",
  variants = { "paired" },
  world    = "sim",
  proves   = { "REG-01", "REG-03", "OPT-01", "OPT-02" },
  limit    = 12 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered
    net.pool:fail()
    ds.sleep(7 * min)
    talk(net.alice, net.bob)
    talk(net.alice, net.pstn)
    talk(net.pstn, net.alice)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:as_planned("pool"):path { "alice", "pool_b", "bob" }
    wire:call { nth = 2 }:as_planned("pool")
      :path { "alice", "pool_b", "mediation", "gateway", "pstn" }
    wire:call { nth = 3 }:as_planned("pool")
      :path { "pstn", "gateway", "mediation", "pool_b", "alice" }
  end,
}
