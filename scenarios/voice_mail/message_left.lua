--- Alice is busy, so voice mail takes a call from the PSTN. She hears later what was said, as it was
--- said. The caller's audio passes the Mediation Server, bypass or not.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voice_mail",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "MAIL-01", "BYP-09", "RTE-23", "OPT-01", "OPT-02", "OPT-03", "CALL-02" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local rung <close> = net.alice:await_call()

    rung:refuse(486)
    caller:wait("answered"):talk(500 * ms)
    caller:hang_up()

    local listener <close> = net.alice:dial("+14255550190")

    listener:wait("answered"):wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():voice_mail():records("pstn")
    wire:call { nth = 1 }:audio():flows("mediation", "um"):both_ways()
    wire:call { nth = 2 }:answered():path { "alice", "pool", "um_a" }
    wire:call { nth = 2 }:voice_mail():plays("pstn")
  end,
}
