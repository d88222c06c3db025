--- Nobody takes the call that is handed over. When the ringing has been ended, three minutes later,
--- the first user takes the caller back from hold.
local ds <const> = require "ds"
local s <const>, minute <const> = ds.s, 60 * ds.s

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "no_refer" },
  limit    = 5 * minute,
  proves   = { "XFER-01", "XFER-03" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(1 * s)
    first:hold():transfer(net.bob)

    local second <close> = net.bob:await_call()

    second:ring()
    assert(first:wait_transfer(4 * minute) >= 400)
    first:resume():talk(1 * s):hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():cleared_by("alice"):audio():both_ways()
  end,
}
