--- The first gateway's only circuit is taken: the next call leaves by the second one, unheard.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk_to_the_pstn(net, client)
  local caller <const> = client:dial(net.pstn)
  local callee <const> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms)
  return caller, callee
end

return ds.scenario {
  topology = "two_gateways",
  variants = { "one_channel" },
  proves   = { "RTE-06" },

  run = function(net)
    local first <const>, first_callee <const> = talk_to_the_pstn(net, net.alice)
    local second <const>, second_callee <const> = talk_to_the_pstn(net, net.bob)

    second:hang_up()
    second_callee:wait("ended")
    first:hang_up()
    first_callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "mediation", "gateway_a", "pstn" }
    wire:call { nth = 2 }:answered()
      :path { "bob", "pool", "mediation", "gateway_a", "gateway_b", "pstn" }
      :ladder [[
      bob       -> pool      : INVITE
      ...
      mediation -> gateway_a : INVITE
      ...
      gateway_a -> mediation : 503
      ...
      mediation -> gateway_b : INVITE
      ...
      gateway_b -> pstn      : INVITE
      ...
      pool      -> bob       : 200
      ...
    ]]
  end,
}
