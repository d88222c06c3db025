--- A forwarded call is given up at one Mediation Server, and the other is told its history as well.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "mediation_pool",
  variants = { "to_mobile" },
  proves   = { "FWD-01", "FWD-03", "SIG-06", "RTE-30" },
  limit    = 120 * s,

  run = function(net)
    local before <close> = net.bob:dial(net.pstn) -- opens the connection to mediation_a

    net.pstn:await_call():busy()
    before:wait("failed")

    local other <close> = net.bob:dial(net.pstn) -- and mediation_b's turn is over

    net.pstn:await_call():busy()
    other:wait("failed")
    net:fault "freeze mediation_a"

    local caller <close> = net.bob:dial(net.alice)

    net.pstn:await_call(40 * s):busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call { nth = 3 }:refused(486):silent({ "alice" }):ladder [[
      bob         -> pool        : INVITE
      ...
      pool        -> mediation_a : INVITE
      ...
      pool        -> mediation_b : INVITE
      ...
      pool        -> bob         : 486
      ...
    ]]
  end,
}
