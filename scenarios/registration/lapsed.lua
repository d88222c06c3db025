--- Alice's computer freezes. Once her registration is over, a call to her goes to voice mail at once. When
--- the computer goes on it signs in again, and rings.
local ds <const> = require "ds"
local s <const>, min <const>, ms <const> = ds.s, 60 * ds.s, ds.ms

return ds.scenario {
  topology = "voice_mail",
  proves   = { "REG-05", "REG-06" },
  limit    = 15 * min,

  run = function(net)
    ds.sleep(1 * min)

    local frozen <const> = net:fault "freeze alice"

    ds.sleep(11 * min)

    local missed <close> = net.bob:dial(net.alice)

    missed:wait("answered", 3 * s):talk(500 * ms)
    missed:hang_up()
    frozen:stop()
    ds.sleep(1 * s)

    local caller <close> = net.bob:dial(net.alice)

    net.alice:await_call():decline()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:silent { "alice" }:voice_mail():records("bob")
    wire:call { nth = 2 }:refused(603)
  end,
}
