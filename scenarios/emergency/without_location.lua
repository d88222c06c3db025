--- A trunk that has PIDF-LO off shows its peer no location, though the client has told it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "emergency",
  proves   = { "RTE-21", "EMG-01", "SIG-16" },

  run = function(net)
    local caller <close> = net.bob:dial("911")
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():path { "bob", "pool", "mediation", "gateway_east", "pstn" }
  end,
}
