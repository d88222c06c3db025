--- The pool starts again, and has forgotten who is signed in: nobody can be called. Each client finds out
--- when it comes to renew its registration.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

return ds.scenario {
  topology = "voip_only",
  in_any_weather = true,
  proves   = { "REG-06" },
  limit    = 15 * min,

  run = function(net)
    ds.sleep(1 * min)
    net:fault "restart pool"
    ds.sleep(5 * s)

    local early <close> = net.bob:dial(net.alice)

    early:wait("failed")
    ds.sleep(8 * min)

    local caller <close> = net.bob:dial(net.alice)

    net.alice:await_call():decline()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(480):silent { "alice" }
    wire:call { nth = 2 }:refused(603):path { "bob", "pool", "alice" }
  end,
}
