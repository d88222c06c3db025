--- Everybody stays signed in for as long as they are there: after more than an hour, in which each client
--- has renewed its registration eight times, calls still find them.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

local signed_in <const> = {}

for times = 0, 8 do
  signed_in[#signed_in + 1] = times * 450 * s
end

local function refuse(caller, callee)
  local near <close> = caller:dial(callee)
  local far <close> = callee:await_call()

  far:busy()
  near:wait("failed")
end

return ds.scenario {
  topology = "remote_worker",
  proves   = { "REG-05", "REG-06" },
  limit    = 70 * min,

  run = function(net)
    ds.sleep(9 * min)
    refuse(net.rita, net.alice)
    ds.sleep(55 * min)
    refuse(net.pstn, net.alice)
    refuse(net.alice, net.rita)
  end,

  expect = function(wire)
    wire:call { nth = 2 }:refused(486)
    wire:call { nth = 3 }:refused(486):path { "alice", "pool", "edge", "rita" }
    for _, way in ipairs { { "alice", "pool" }, { "rita", "edge" } } do
      wire:sends(way[1], way[2], "REGISTER"):at(signed_in, 1 * s)
    end
  end,
}
