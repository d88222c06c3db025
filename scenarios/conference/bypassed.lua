--- Where bypass is for conferences too, a call that moves to one goes on past the Mediation Server, and
--- so does whom it calls.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "conferencing",
  variants = { "conferences_too" },
  proves   = { "OPT-02", "BYP-28", "CONF-02", "XFER-04" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms)
    callee:add("+12065550142")

    local third <close> = net.pstn:await_call()

    third:answer()
    assert(callee:wait_added() == 200)
    callee:talk(400 * ms):hang_up()
    third:hang_up()
    caller:hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 3 }:answered():audio():never_touches("mediation")
      :flows("conferencing", "gateway"):both_ways()
    wire:call { nth = 4 }:answered():audio():never_touches("mediation")
      :flows("conferencing", "gateway"):both_ways()
  end,
}
