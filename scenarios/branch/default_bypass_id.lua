--- With a default bypass ID two nets of no site can do without the Mediation Server's relay.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "branch",
  variants = { "default_bypass_id" },
  proves   = { "BYP-01" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("gateway", "alice"):both_ways():never_touches("mediation")
  end,
}
