--- Only the gateway was told that Carol has moved: calls to her are refused, and do not go round.
local ds <const> = require "ds"

return ds.scenario {
  topology = "migration_in_front",
  variants = { "inter_trunk" },
  proves   = { "CALL-08", "WIRE-12" },

  run = function(net)
    net:migrate({ net.carol }, { only = { net.gateway } })

    local outside <close> = net.pstn:dial(net.carol)
    outside:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(482)
      :path { "pstn", "gateway", "mediation", "pool", "mediation", "gateway" }
  end,
}
