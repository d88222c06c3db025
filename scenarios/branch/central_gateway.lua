--- A branch calls out by the central gateway: its bypass ID is another, so the Mediation Server relays.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "branch",
  variants = { "central_gateway" },
  proves   = { "BYP-04", "BYP-06" },

  run = function(net)
    local caller <close> = net.bella:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call():answered()

    call:path { "bella", "pool", "mediation", "gateway", "pstn" }
    call:audio():flows("bella", "mediation"):both_ways()
    call:audio():flows("mediation", "gateway"):both_ways()
  end,
}
