--- Lena hands a call over to the PSTN: it leaves at the site of whoever she hands over.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function hand_over(net, from)
  local caller <close> = from:dial(net.lena)
  local first <close> = net.lena:await_call()

  first:answer()
  caller:wait("answered"):talk(120 * ms)
  first:transfer(net.pstn)

  local second <close> = net.pstn:await_call()

  second:answer()
  first:wait("ended")
  caller:talk(200 * ms)
  second:hang_up()
  caller:wait("ended")
end

return ds.scenario {
  topology = "location_based",
  proves   = { "RTE-19", "XFER-01", "OPT-01", "OPT-02" },

  run = function(net)
    hand_over(net, net.alice)
    hand_over(net, net.bob)
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():path { "alice", "pool", "mediation", "gateway_west", "pstn" }
    wire:call { nth = 4 }:answered():path { "bob", "pool", "mediation", "gateway_east", "pstn" }
  end,
}
