--- The link is taken, and the branch calls the PSTN all the same, and is called: by its own gateway,
--- past the Mediation Server, so that nobody asks for bandwidth.
local ds <const> = require "ds"

return ds.scenario {
  topology = "admission",
  proves   = { "BYP-11", "BYP-01", "BYP-07", "CAC-02" },

  run = function(net)
    local first <close> = net.alice:dial(net.bella)
    local taken <close> = net.bella:await_call()

    taken:answer()
    first:wait("answered")
    net.bruno:call(net.pstn, 200 * ds.ms)
    net.pstn:call(net.bruno, 200 * ds.ms)
    first:hang_up()
    taken:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():audio():never_touches("mediation")
    wire:call { nth = 3 }:answered():audio():never_touches("mediation")
  end,
}
