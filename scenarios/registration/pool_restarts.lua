--- The pool starts again, and has forgotten who is signed in. Each client comes to renew its
--- registration, and can be called again from then on.
local ds <const> = require "ds"
local min <const> = 60 * ds.s

return ds.scenario {
  topology = "voip_only",
  proves   = { "REG-05" },
  limit    = 15 * min,

  run = function(net)
    ds.sleep(1 * min)
    net:fault "restart pool"
    ds.sleep(8 * min)

    local caller <close> = net.bob:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:answer()
    caller:wait("answered"):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():path { "bob", "pool", "alice" }
  end,
}
