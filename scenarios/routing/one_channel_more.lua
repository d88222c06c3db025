--- Three users talk to the PSTN at a time, who are one too many for two circuits: there is a third now.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(caller, callee)
  callee:answer()
  caller:wait("answered"):talk(120 * ms)
end

local function hang_up(caller, callee)
  caller:hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "in_front_of_pbx",
  variants = { "three_channels" },
  proves   = { "TOPO-21", "OPT-01", "OPT-02" },

  run = function(net)
    local alice <close> = net.alice:dial(net.pstn)
    local with_alice <close> = net.pstn:await_call()

    talk(alice, with_alice)

    local carol <close> = net.carol:dial(net.pstn)
    local with_carol <close> = net.pstn:await_call()

    talk(carol, with_carol)

    local bob <close> = net.bob:dial(net.pstn)
    local with_bob <close> = net.pstn:await_call()

    talk(bob, with_bob)
    hang_up(bob, with_bob)
    hang_up(carol, with_carol)
    hang_up(alice, with_alice)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "mediation", "gateway", "pstn" }
    wire:call { nth = 2 }:answered():path { "carol", "pbx", "gateway", "pstn" }
    wire:call { nth = 3 }:answered():path { "bob", "pool", "mediation", "gateway", "pstn" }
  end,
}
