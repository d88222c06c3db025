--- Only the PBX was told that Carol has moved: calls to her are refused, and do not go round.
local ds <const> = require "ds"

return ds.scenario {
  topology = "migration",
  variants = { "inter_trunk" },
  proves   = { "CALL-08", "WIRE-12" },

  run = function(net)
    net:migrate({ net.carol }, { only = { net.pbx } })

    local colleague <close> = net.dave:dial(net.carol)
    colleague:wait("failed")

    local user <close> = net.alice:dial(net.carol)
    user:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(482)
      :path { "dave", "pbx", "gateway", "mediation", "pool", "mediation", "gateway", "pbx" }
    wire:call { nth = 2 }:refused(482):path { "alice", "pool", "mediation", "gateway", "pbx" }
  end,
}
