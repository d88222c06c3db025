--- Alice may forward to colleagues only: a call that she would send to her mobile ends at the pool.
local ds <const> = require "ds"

return ds.scenario {
  topology = "forwarding",
  variants = { "internal" },
  proves   = { "RTE-18" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(403):silent { "mediation", "gateway" }
  end,
}
