--- The machine of the first UM server has no power: the pool waits for it, and then asks the second,
--- but Alice rings no longer than ever.
local ds <const> = require "ds"
local ms <const>, s <const> = ds.ms, ds.s

return ds.scenario {
  topology = "voice_mail",
  proves   = { "RTE-23" },
  faults   = { "kill um_a" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local rung <close> = net.alice:await_call()

    rung:ring()
    rung:wait("ended", 3 * s)
    caller:wait("answered", 11 * s):talk(500 * ms)
    caller:hang_up()
  end,

  expect = function(wire)
    local call <const> = wire:call()

    call:answered():audio():flows("bob", "um_b"):both_ways()
    wire:expect(call.answered_at - call.began_at >= 12 * s, "Alice's two seconds, and um_a's ten")
  end,
}
