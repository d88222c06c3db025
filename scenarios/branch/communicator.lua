--- A client older than Lync 2010 knows no bypass: whoever calls, the Mediation Server relays.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "branch",
  variants = { "communicator" },
  proves   = { "BYP-27" },

  run = function(net)
    net.alice:call(net.pstn, 200 * ms)
    net.pstn:call(net.alice, 200 * ms)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():audio():flows("alice", "mediation"):both_ways()
    wire:call { nth = 2 }:answered():audio():flows("mediation", "alice"):both_ways()
  end,
}
