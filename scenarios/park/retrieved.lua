--- A caller from the PSTN is parked, hears the service, and a colleague takes the call up at the
--- orbit. The gateway mirrors the hold; audio passes the Mediation Server from then on.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "analogue_devices", "behind_pbx" },
  variants = { "call_park" },
  race     = true,  -- whether a packet is sent in the short calls to the service, among others
  proves   = { "PARK-01", "PARK-02", "SIG-02", "BYP-15", "XFER-01", "XFER-04" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(150 * ms)

    local orbit <const> = first:park()

    first:wait("ended")
    ds.sleep(150 * ms)

    local retriever <close> = net.bob:dial(orbit)

    retriever:wait("answered")
    ds.wait(function() return retriever:peer_number() == net.pstn.number end, ds.s, "the caller")
    retriever:talk(200 * ms):hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    local parked <const> = wire:call { nth = 3 }:answered():audio()

    parked:flows("park", "mediation"):both_ways():hears("pstn", "park")
    wire:call { nth = 5 }:answered():cleared_by("bob"):audio():flows("bob", "mediation"):both_ways()
      :hears("pstn", "bob"):hears("bob", "pstn")
  end,
}
