--- An earlier telephone, which the PBX goes on serving: the PSTN, an Enterprise Voice user and a
--- colleague on the PBX reach it, and it reaches them.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "in_front_of_pbx",
  variants = { "bypass_on" },
  proves   = { "OPT-01", "OPT-03", "CALL-02" },

  run = function(net)
    for _, other in ipairs { net.pstn, net.alice, net.carol } do
      other:call(net.dave, 120 * ms)
      net.dave:call(other, 120 * ms)
    end
  end,

  expect = function(wire)
    for nth = 1, 6 do
      wire:call { nth = nth }:answered():audio():both_ways()
    end
    wire:call { nth = 1 }:path { "pstn", "gateway", "pbx", "dave" }
    wire:call { nth = 4 }:path { "dave", "pbx", "gateway", "mediation", "pool", "alice" }
  end,
}
