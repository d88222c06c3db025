--- Nobody answers at Bob's: a little after three minutes the pool stops the ringing (Timer C).
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "voip_only",
  proves   = { "TIME-05" },
  limit    = 200 * s,

  run = function(net)
    local caller <close> = net.alice:dial(net.bob)
    local callee <close> = net.bob:await_call()

    callee:ring()
    caller:wait("failed", 195 * s)
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():refused(487):sends("pool", "bob", "CANCEL"):at { 0 }
  end,
}
