--- The pool is silent for ten minutes, and answers again: everybody comes back to it.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

local function refuse(caller, callee)
  local near <close> = caller:dial(callee)
  local far <close> = callee:await_call()

  far:busy()
  near:wait("failed")
end

return ds.scenario {
  topology = "voip_only",
  variants = { "paired" },
  proves   = { "REG-01", "REG-02" },
  limit    = 20 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered

    local frozen <const> = net:fault "freeze pool"

    ds.sleep(7 * min)
    refuse(net.alice, net.bob)
    frozen:stop()
    ds.sleep(2 * min)
    refuse(net.alice, net.bob)
    refuse(net.pstn, net.alice)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(486):path { "alice", "pool_b", "bob" }
    wire:call { nth = 2 }:refused(486):path { "alice", "pool", "bob" }
    wire:call { nth = 3 }:refused(486):path { "pstn", "gateway", "mediation", "pool", "alice" }
  end,
}
