--- The peer takes no REFER, and the Mediation Server transfers as a third party: it calls the
--- colleague and tells both ends of one another, so the audio goes on passing it by.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "third_party" },
  proves   = { "SIG-08", "BYP-17", "XFER-01", "XFER-02", "XFER-05" },

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
    wire:call { nth = 2 }:path { "mediation", "pool", "bob" }:audio():never_touches("mediation")
      :hears("pstn", "bob")
  end,
}
