--- Alice talks with the PSTN and adds Bob: the call moves to the conferencing server, and its audio
--- passes the Mediation Server from then on, bypass or not. They leave one by one.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "conferencing",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "CONF-01", "CONF-02", "CONF-03", "CONF-04", "CONF-05", "XFER-04" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms):add(net.bob)

    local third <close> = net.bob:await_call()

    third:answer()
    assert(caller:wait_added() == 200)
    caller:talk(400 * ms):hang_up()
    third:talk(100 * ms):hang_up()
    callee:talk(60 * ms):hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "mediation", "gateway", "pstn" }
    wire:call { nth = 2 }:answered():path { "alice", "pool", "conferencing" }:cleared_by("alice")
      :audio():hears("alice", "pstn"):hears("alice", "bob")
    wire:call { nth = 3 }:answered():path { "conferencing", "pool", "mediation" }
      :audio():flows("conferencing", "mediation"):both_ways():flows("mediation", "gateway")
      :both_ways():hears("pstn", "alice"):hears("pstn", "bob")
    wire:call { nth = 4 }:answered():path { "conferencing", "pool", "bob" }:cleared_by("bob")
      :audio():hears("bob", "alice"):hears("bob", "pstn")
  end,
}
