--- Alice hears her messages from a telephone of the public network: she keys her extension in.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voice_mail",
  proves   = { "MAIL-01", "BYP-09", "OPT-01", "OPT-02" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)

    net.alice:await_call():refuse(486)
    caller:wait("answered"):talk(600 * ms)
    caller:hang_up()

    local listener <close> = net.pstn:dial("+14255550190")

    listener:wait("answered"):send_digits("101#"):wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:voice_mail():records("bob", 400 * ms)
    wire:call { nth = 2 }:voice_mail():plays("bob", 400 * ms):plays("um_a", 400 * ms)
    wire:call { nth = 2 }:answered():audio():flows("mediation", "um"):both_ways()
  end,
}
