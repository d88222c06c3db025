--- A call to the branch comes in by its gateway, and its audio stays there.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "branch",
  proves   = { "BYP-01", "BYP-07" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.bella)
    local callee <close> = net.bella:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call():answered()

    call:path { "pstn", "gateway_branch", "mediation", "pool", "bella" }
    call:audio():flows("gateway_branch", "bella"):both_ways():never_touches("mediation")
  end,
}
