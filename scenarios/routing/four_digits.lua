--- Four digits come in from the gateway, and by its own dial plan they are Alice's number.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voip_only",
  variants = { "four_digits" },
  proves   = { "RTE-25", "OPT-01", "CALL-02" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():path { "pstn", "gateway", "mediation", "pool", "alice" }:answered()
  end,
}
