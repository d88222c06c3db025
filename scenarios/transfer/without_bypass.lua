--- Where bypass is off the audio of a call that is handed over passes the Mediation Server before
--- and after, whoever makes the new call.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_off", "no_refer_bypass_off" },
  proves   = { "BYP-02", "XFER-01", "XFER-02" },

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
    caller:hang_up()
    second:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:audio():flows("bob", "mediation"):both_ways():hears("pstn", "bob")
  end,
}
