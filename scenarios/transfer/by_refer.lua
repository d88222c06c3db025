--- A user who talks with the PSTN hands it over to a colleague, whom nobody asked before. The peer
--- of the trunk takes REFER and calls the colleague itself, so the audio stays in headquarters.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on" },
  proves   = { "BYP-16", "XFER-01", "XFER-02", "XFER-05" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(120 * ms)
    first:transfer(net.bob)

    local second <close> = net.bob:await_call()

    second:answer()
    first:wait("ended")
    caller:talk(200 * ms)
    second:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():cleared_by("alice")

    local handed_over <const> = wire:call { nth = 2 }

    handed_over:answered():cleared_by("bob")
    handed_over:audio():never_touches("mediation"):hears("pstn", "bob"):hears("bob", "pstn")
  end,
}
