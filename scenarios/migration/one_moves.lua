--- A user moves to Enterprise Voice, and back: reached at the same number, and calling from it.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(caller, callee)
  local calling <close> = caller:dial(callee)
  local called <close> = callee:await_call()

  called:answer()
  calling:wait("answered"):talk(120 * ms)
  calling:hang_up()
  called:wait("ended")
end

return ds.scenario {
  topology = { "migration", "migration_in_front" },
  proves   = { "OPT-01", "OPT-02", "OPT-03", "CALL-02", "CALL-08", "MIG-01", "MIG-02", "WIRE-12" },

  run = function(net)
    net:migrate { net.carol }
    talk(net.pstn, net.carol_lync)
    talk(net.dave, net.carol_lync)
    talk(net.carol_lync, net.dave)
    net:migrate_back { net.carol }
    talk(net.alice, net.carol)
  end,

  expect = function(wire)
    for nth = 1, 4 do
      wire:call { nth = nth }:answered():audio():both_ways()
    end
    wire:call { nth = 2 }:path { "dave", "pbx", "gateway", "mediation", "pool", "carol_lync" }
    wire:call { nth = 3 }:path { "carol_lync", "pool", "mediation", "gateway", "pbx", "dave" }
  end,
}
