--- The colleague to whom a call is handed over is busy: who wanted to be rid of it still has it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "no_refer", "third_party" },
  proves   = { "XFER-01", "XFER-03" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(120 * ms)
    first:transfer(net.bob)

    local second <close> = net.bob:await_call()

    second:busy()
    assert(first:wait_transfer() == 486)
    first:talk(120 * ms):hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():cleared_by("alice"):audio():both_ways()
    wire:call { nth = 2 }:refused(486)
  end,
}
