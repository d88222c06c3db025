--- Whom Alice adds is busy, and then does not answer in time; she and the caller go on talking, and a
--- third colleague comes.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "conferencing",
  variants = { "bypass_on" },
  proves   = { "CONF-02", "CONF-03", "BYP-10" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms)
    callee:add(net.bob)
    net.bob:await_call():busy()
    assert(callee:wait_added() == 486)
    callee:add(net.bob)
    net.bob:await_call():refuse(480)
    assert(callee:wait_added() == 480)
    caller:talk(100 * ms)
    callee:add(net.carol)

    local third <close> = net.carol:await_call()

    third:answer()
    assert(callee:wait_added() == 200)
    caller:talk(400 * ms):hang_up()
    callee:hang_up()
    third:hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 4 }:refused(486)
    wire:call { nth = 5 }:refused(480)
    wire:call { nth = 3 }:answered():cleared_by("mediation"):audio():hears("pstn", "alice")
      :hears("pstn", "carol")
  end,
}
