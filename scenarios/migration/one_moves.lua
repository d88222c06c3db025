--- A user moves to Enterprise Voice, and back: reached at the same number, and calling from it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "migration", "migration_in_front" },
  proves   = { "OPT-01", "OPT-02", "OPT-03", "CALL-02", "CALL-08", "MIG-01", "MIG-02", "WIRE-12" },

  run = function(net)
    net:migrate { net.carol }
    net.pstn:call(net.carol_lync, 120 * ms)
    net.dave:call(net.carol_lync, 120 * ms)
    net.carol_lync:call(net.dave, 120 * ms)
    net:migrate_back { net.carol }
    net.alice:call(net.carol, 120 * ms)
  end,

  expect = function(wire)
    for nth = 1, 4 do
      wire:call { nth = nth }:answered():audio():both_ways()
    end
    wire:call { nth = 2 }:path { "dave", "pbx", "gateway", "mediation", "pool", "carol_lync" }
    wire:call { nth = 3 }:path { "carol_lync", "pool", "mediation", "gateway", "pbx", "dave" }
  end,
}
