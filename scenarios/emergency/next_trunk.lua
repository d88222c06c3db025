--- The gateway of the site is full, and the emergency call leaves by the other one, which is shown no
--- location. Who is called back is whose call the full one carries.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "emergency",
  variants = { "one_channel" },
  proves   = { "RTE-06", "RTE-21", "RTE-22", "SIG-16", "EMG-02" },

  run = function(net)
    local first <close> = net.adam:dial("911")
    local here <close> = net.pstn:await_call()

    here:answer()
    first:wait("answered")

    local second <close> = net.alice:dial("911")
    local there <close> = net.pstn:await_call()

    there:answer()
    second:wait("answered"):talk(200 * ms):hang_up()
    there:wait("ended")
    first:hang_up()
    here:wait("ended")

    local back <close> = net.pstn:dial("+14255550191")

    net.adam:await_call():busy()
    back:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered()
    wire:call { nth = 2 }:answered():path {
      "alice", "pool", "mediation", "gateway_west", "mediation", "gateway_east", "pstn",
    }
    wire:call { nth = 3 }:refused(486)
  end,
}
