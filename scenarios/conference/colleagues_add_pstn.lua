--- Two colleagues talk, and who was called adds the PSTN: its audio comes by the Mediation Server,
--- though a call between the same two would bypass it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "conferencing",
  variants = { "bypass_on" },
  proves   = { "BYP-10", "CONF-02", "CONF-03", "XFER-04" },

  run = function(net)
    local caller <close> = net.alice:dial(net.bob)
    local callee <close> = net.bob:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms)
    callee:add(net.pstn)

    local third <close> = net.pstn:await_call()

    assert(third:peer_number() == net.bob.number)
    third:early_media()
    third:answer()
    assert(callee:wait_added() == 200)
    caller:talk(400 * ms):hang_up()
    third:hang_up()
    callee:hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 1 }:cleared_by("alice")
    wire:call { nth = 3 }:answered():path { "conferencing", "pool", "alice" }
      :audio():hears("alice", "bob"):hears("alice", "pstn")
    wire:call { nth = 4 }:answered():path { "conferencing", "pool", "mediation", "gateway", "pstn" }
      :audio():flows("conferencing", "mediation"):both_ways():hears("pstn", "alice")
  end,
}
