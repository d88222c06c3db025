--- A user puts the PSTN on hold, asks a colleague first, and hands the call over then: the new call
--- takes the place of the one between the two.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "no_refer", "third_party" },
  proves   = { "XFER-01", "XFER-02", "XFER-04", "XFER-05" },

  run = function(net)
    local first <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    first:wait("answered"):talk(120 * ms):hold()

    local question <close> = net.alice:dial(net.bob)
    local second <close> = net.bob:await_call()

    second:answer()
    question:wait("answered"):talk(120 * ms)
    first:transfer_to(question)
    first:wait("ended")
    question:wait("ended")
    callee:wait("answered"):talk(200 * ms)
    second:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:path { "alice", "pool", "bob" }:cleared_by("bob")
    wire:call { nth = 3 }:answered():audio():hears("pstn", "bob"):hears("bob", "pstn")
  end,
}
