--- A call is handed over to a colleague, who hands it back.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "no_refer", "third_party" },
  proves   = { "XFER-01", "XFER-02", "XFER-05" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(200 * ms)
    first:transfer(net.bob)

    local second <close> = net.bob:await_call()

    second:answer()
    first:wait("ended")
    caller:talk(300 * ms)
    second:transfer(net.alice)

    local third <close> = net.alice:await_call()

    third:answer()
    second:wait("ended")
    caller:talk(300 * ms)
    third:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():cleared_by("bob"):audio():hears("pstn", "bob")
    wire:call { nth = 3 }:answered():cleared_by("alice"):audio():hears("pstn", "alice")
  end,
}
