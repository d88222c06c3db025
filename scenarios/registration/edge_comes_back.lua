--- The pool is silent for ten minutes, and the Edge's next hop is its backup meanwhile. With the next hop
--- set back, users outside sign in at their pool again.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

local function refuse(caller, callee)
  local near <close> = caller:dial(callee)
  local far <close> = callee:await_call()

  far:busy()
  near:wait("failed")
end

return ds.scenario {
  topology = "remote_worker",
  variants = { "paired" },
  proves   = { "REG-01", "REG-02", "REG-04" },
  limit    = 25 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered

    local frozen <const> = net:fault "freeze pool"

    ds.sleep(7 * min)
    net.edge:set_next_hop(net.pool_b)
    ds.sleep(2 * min)
    refuse(net.rita, net.alice)
    frozen:stop()
    net.edge:set_next_hop(net.pool)
    ds.sleep(3 * min)
    refuse(net.rita, net.alice)
    refuse(net.pstn, net.rita)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(486):path { "rita", "edge", "pool_b", "alice" }
    wire:call { nth = 2 }:refused(486):path { "rita", "edge", "pool", "alice" }
    wire:call { nth = 3 }:refused(486)
      :path { "pstn", "gateway", "mediation", "pool", "edge", "rita" }
  end,
}
