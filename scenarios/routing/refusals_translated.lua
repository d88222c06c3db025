--- The trunk's rules make 503 of the gateway's 408: the call is tried by another trunk.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "least_cost",
  variants = { "translated" },
  proves   = { "RTE-08", "RTE-06" },

  run = function(net)
    net.gateway_west:on("invite", function(req) req:reply(408) end)

    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():ladder [[
      alice        -> pool         : INVITE
      ...
      gateway_west -> mediation    : 408
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
  end,
}
