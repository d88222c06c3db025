--- Alice forwards to Bob, and Bob to Alice: who calls one of them is told that nobody will answer.
local ds <const> = require "ds"

return ds.scenario {
  topology = "forwarding",
  variants = { "loop" },
  proves   = { "FWD-02" },

  run = function(net)
    for _, caller in ipairs { net.carol, net.pstn } do
      local call <close> = caller:dial(net.alice)

      call:wait("failed")
    end
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(482):silent { "alice", "bob", "mediation" }
    wire:call { nth = 2 }:refused(482):silent { "alice", "bob" }
  end,
}
