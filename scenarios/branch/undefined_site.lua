--- Alice is in a net of no site: without a default bypass ID her audio passes the Mediation Server.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "branch",
  variants = { "undefined_site" },
  proves   = { "BYP-26" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("alice", "mediation"):both_ways()
  end,
}
