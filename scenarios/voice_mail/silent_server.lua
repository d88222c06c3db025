--- The first UM server stands still: it is left when its time is over, and the second answers.
local ds <const> = require "ds"
local ms <const>, s <const> = ds.ms, ds.s

return ds.scenario {
  topology = "voice_mail",
  proves   = { "RTE-24", "OPT-01" },

  run = function(net)
    local first <close> = net.bob:dial("+14255550191") -- opens the connection

    first:wait("answered"):hang_up()
    first:wait("ended")
    net:fault "freeze um_a"

    local caller <close> = net.bob:dial("+14255550191")

    caller:wait("answered", 11 * s):talk(300 * ms)
  end,

  expect = function(wire)
    local call <const> = wire:call { nth = 2 }

    call:answered():sends("pool", "um_b", "INVITE"):at { 0 }
    wire:expect(call.answered_at - call.began_at >= 10 * s, "um_a has ten seconds to answer")
  end,
}
