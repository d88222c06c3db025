--- A user hands a colleague over to a number of the PSTN: the colleague's own client makes the call,
--- which is then like any other.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on" },
  proves   = { "XFER-01", "XFER-02", "XFER-05", "BYP-01" },

  run = function(net)
    local caller <close> = net.alice:dial(net.bob)
    local colleague <close> = net.bob:await_call()

    colleague:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:transfer(net.pstn)

    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("ended")
    colleague:talk(300 * ms)
    colleague:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:path { "alice", "pool", "bob" }:cleared_by("alice")
    wire:call { nth = 2 }:answered():cleared_by("bob"):audio():hears("bob", "pstn")
  end,
}
