--- The cheapest gateway is full with one call: the next one leaves by the usage after, which is
--- dearer. When that gateway is full too there is none left, and the pool says so: id 12000.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk_to_the_pstn(net)
  local caller <const> = net.alice:dial(net.pstn)
  local callee <const> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms)
  return caller, callee
end

return ds.scenario {
  topology = "least_cost",
  variants = { "one_channel" },
  proves   = { "RTE-06", "RTE-14", "RTE-28", "SIG-15" },

  run = function(net)
    local first <close>, first_callee <const> = talk_to_the_pstn(net)
    local second <close>, second_callee <const> = talk_to_the_pstn(net)
    local third <close> = net.alice:dial(net.pstn)

    third:wait("failed")
    second:hang_up()
    second_callee:wait("ended")
    first:hang_up()
    first_callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "mediation", "gateway_west", "pstn" }
    wire:call { nth = 2 }:answered():ladder [[
      alice        -> pool         : INVITE
      ...
      mediation    -> gateway_west : INVITE
      ...
      gateway_west -> mediation    : 503
      ...
      mediation    -> pool         : 503
      ...
      pool         -> mediation    : INVITE
      ...
      mediation    -> gateway_east : INVITE
      ...
      pool         -> alice        : 200
      ...
    ]]
    wire:call { nth = 3 }:refused(503)
  end,
}
