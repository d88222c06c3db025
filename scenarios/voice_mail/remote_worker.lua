--- Rita, at home, leaves Alice a message and hears her own: her calls pass the Edge, and so does her
--- audio. The Mediation Server has no part in it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  variants = { "voice_mail" },
  answered = true,
  proves   = { "RTE-23", "MAIL-01", "OPT-01", "OPT-02", "OPT-03", "CALL-02" },

  run = function(net)
    local caller <close> = net.rita:dial(net.alice)

    net.alice:await_call():busy()
    caller:wait("answered"):talk(600 * ms)
    caller:hang_up()

    local answer <close> = net.alice:dial(net.rita)

    net.rita:await_call():busy()
    answer:wait("answered"):talk(600 * ms)
    answer:hang_up()

    local listener <close> = net.rita:dial("+14255550190")

    listener:wait("answered"):wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "rita", "edge", "pool", "alice", "um" }
    wire:call { nth = 1 }:audio():flows("edge", "um"):both_ways()
    wire:call { nth = 3 }:answered():path { "rita", "edge", "pool", "um" }
  end,
}
