--- Two calls after one another end at one address of the gateway, as bypass needs it.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk_once(net)
  local caller <close> = net.alice:dial(net.pstn)
  local callee <close> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered")
  caller:talk(200 * ms)
  caller:hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = { "in_front_of_pbx", "voip_only" },
  proves   = { "BYP-13", "BYP-01", "BYP-12" },

  run = function(net)
    talk_once(net)
    talk_once(net)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():audio():flows("alice", "gateway"):both_ways()
    wire:call { nth = 2 }:answered():audio():flows("alice", "gateway"):both_ways()
  end,
}
