--- A client older than Lync 2010 knows no bypass: whoever calls, the Mediation Server relays.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(from, to)
  local caller <close> = from:dial(to)
  local callee <close> = to:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "branch",
  variants = { "communicator" },
  world    = "sim",
  proves   = { "BYP-27" },

  run = function(net)
    talk(net.alice, net.pstn)
    talk(net.pstn, net.alice)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():audio():flows("alice", "mediation"):both_ways()
    wire:call { nth = 2 }:answered():audio():flows("mediation", "alice"):both_ways()
  end,
}
