--- Without bypass the audio of the branch's calls with the PSTN crosses the link to the Mediation Server
--- and back. For a call out there is no room, as it asks for both beforehand. One that comes in asks for
--- Bella's side; whether audio comes from the gateway is known with her answer, and reserved then.
local ds <const> = require "ds"

return ds.scenario {
  topology = "admission",
  variants = { "bypass_off" },
  proves   = { "CAC-01", "CAC-02", "CAC-03", "CAC-05", "BYP-02", "BYP-11" },

  run = function(net)
    local out <close> = net.bella:dial(net.pstn)

    out:wait("failed")

    local caller <close> = net.pstn:dial(net.bella)
    local callee <close> = net.bella:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ds.ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(488):path { "bella", "pool", "mediation" }
    wire:call { nth = 2 }:answered():audio():flows("bella", "mediation"):both_ways()
  end,
}
