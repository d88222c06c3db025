--- Users of both sides share the circuits to the PSTN. Two of them talk, and there is none left: the
--- gateway refuses whoever calls next. One hangs up, and the other's place is the next caller's.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(caller, callee)
  callee:answer()
  caller:wait("answered"):talk(120 * ms)
end

return ds.scenario {
  topology = "in_front_of_pbx",
  variants = { "two_channels" },
  proves   = { "TOPO-21", "CALL-04" },

  run = function(net)
    local alice <close> = net.alice:dial(net.pstn)
    local with_alice <close> = net.pstn:await_call()

    talk(alice, with_alice)

    local carol <close> = net.carol:dial(net.pstn)
    local with_carol <close> = net.pstn:await_call()

    talk(carol, with_carol)

    local bob <close> = net.bob:dial(net.pstn)

    bob:wait("failed")

    local dave <close> = net.dave:dial(net.pstn)

    dave:wait("failed")
    with_carol:hang_up() -- so that the gateway knows before carol does
    carol:wait("ended")

    local again <close> = net.dave:dial(net.pstn)
    local with_dave <close> = net.pstn:await_call()

    talk(again, with_dave)
    again:hang_up()
    with_dave:wait("ended")
    alice:hang_up()
    with_alice:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "mediation", "gateway", "pstn" }
    wire:call { nth = 2 }:answered():path { "carol", "pbx", "gateway", "pstn" }
    wire:call { nth = 3 }:refused(503):path { "bob", "pool", "mediation", "gateway" }
    wire:call { nth = 4 }:refused(503):path { "dave", "pbx", "gateway" }
    wire:call { nth = 5 }:answered():path { "dave", "pbx", "gateway", "pstn" }
  end,
}
