--- A Mediation Server says nothing any more: once the pool has given it up, the call goes to the other.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

local function talk(net, client)
  local caller <close> = client:dial(net.pstn)
  local callee <close> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(100 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "mediation_pool",
  proves   = { "RTE-30" },
  limit    = 120 * s,

  run = function(net)
    talk(net, net.bob)   -- by mediation_a,
    talk(net, net.alice) -- and by mediation_b
    net:fault "freeze mediation_a"

    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call(40 * s)

    callee:answer()
    caller:wait("answered"):talk(300 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 3 }:answered():ladder [[
      alice       -> pool        : INVITE
      ...
      pool        -> mediation_a : INVITE
      ...
      pool        -> mediation_b : INVITE
      ...
      pool        -> alice       : 200
      ...
    ]]
  end,
}
