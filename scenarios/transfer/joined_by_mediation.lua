--- The peer takes no REFER: the Mediation Server calls the colleague itself and joins the two legs,
--- so the audio, which passed it by before, passes it from then on.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "no_refer" },
  proves   = { "SIG-08", "BYP-15", "XFER-01", "XFER-02", "XFER-05" },

  run = function(net)
    local first <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    first:wait("answered"):talk(120 * ms)
    first:transfer(net.bob)

    local second <close> = net.bob:await_call()

    second:answer()
    first:wait("ended")
    callee:talk(200 * ms)
    callee:hang_up()
    second:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:audio():never_touches("mediation")
    wire:call { nth = 2 }:path { "mediation", "pool", "bob" }:audio():flows("bob", "mediation")
      :both_ways()
  end,
}
