--- Alice lets it ring: after her time her computer is quiet, and voice mail answers.
local ds <const> = require "ds"
local ms <const>, s <const> = ds.ms, ds.s

return ds.scenario {
  topology = "voice_mail",
  proves   = { "RTE-23", "OPT-01", "OPT-02", "OPT-03", "CALL-02" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local rung <close> = net.alice:await_call()

    rung:ring()
    rung:wait("ended", 3 * s)
    caller:wait("answered"):talk(500 * ms)
    caller:hang_up()
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("bob", "um_a"):both_ways()
    wire:call():silent { "mediation", "gateway" }
  end,
}
