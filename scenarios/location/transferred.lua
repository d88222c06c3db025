--- Alice hands calls from the PSTN over to Bob. At the other site he does not ring, and she still has
--- the call; when he has come to her site, he gets the next one.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "location_based",
  variants = { "as_written", "no_refer" },
  proves   = { "RTE-20", "XFER-01", "XFER-02", "XFER-03" },

  run = function(net)
    local kept <close> = net.pstn:dial(net.alice)
    local alice <close> = net.alice:await_call()

    alice:answer()
    kept:wait("answered"):talk(120 * ms)
    alice:transfer(net.bob)
    assert(alice:wait_transfer() == 480)
    alice:talk(120 * ms):hang_up()
    kept:wait("ended")

    net.bob:move_to(net.bob_west)

    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(120 * ms)
    first:transfer(net.bob)

    local second <close> = net.bob_west:await_call()

    second:answer()
    first:wait("ended")
    caller:talk(200 * ms)
    second:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():cleared_by("alice"):audio():both_ways()
    wire:call { nth = 2 }:refused(480):silent { "bob" }
    wire:call { nth = 4 }:answered():audio():hears("pstn", "bob_west"):hears("bob_west", "pstn")
  end,
}
