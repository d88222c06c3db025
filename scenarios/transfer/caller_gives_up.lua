--- The caller hangs up while the colleague to whom the call is handed over still rings: both calls
--- are over.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "no_refer" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(200 * ms)
    first:transfer(net.bob)

    local second <close> = net.bob:await_call()

    second:ring()
    ds.sleep(200 * ms)
    caller:hang_up()
    first:wait("ended")
    second:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():cleared_by("pstn")
    wire:call { nth = 2 }:cancelled()
  end,
}
