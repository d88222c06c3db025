--- By third-party call control a parked call bypasses again once a colleague has taken it up: the
--- peer of the trunk is told of his telephone. While it is parked its audio is at the Mediation Server.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "analogue_devices",
  variants = { "call_park_third_party" },
  race     = true,  -- whether a packet is sent in the short calls to the service, among others
  proves   = { "PARK-02", "BYP-01", "BYP-17" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(150 * ms)

    local orbit <const> = caller:park()

    caller:wait("ended")
    ds.sleep(150 * ms)

    local retriever <close> = net.bob:dial(orbit)

    retriever:wait("answered"):talk(300 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 3 }:audio():flows("park", "mediation"):both_ways()
    wire:call { nth = 5 }:answered():audio():never_touches("mediation")
      :flows("bob", "gateway"):both_ways()
  end,
}
