--- A call that was parked is taken up at telephones that know nothing of the pool: one of the PBX,
--- and an analogue one. Their peer calls instead, and the Mediation Server joins the two calls.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "analogue_devices", "behind_pbx" },
  variants = { "call_park" },
  race     = true,  -- whether a packet is sent in the short calls to the service, among others
  proves   = { "PARK-02", "XFER-04" },

  run = function(net)
    local phone <const> = rawget(net, "lobby") or net.carol
    local callee <const> = net.alice:dial(net.pstn)
    local called <close> = net.pstn:await_call()

    called:answer()
    callee:wait("answered"):talk(150 * ms)

    local orbit <const> = callee:park()

    callee:wait("ended")

    local retriever <close> = phone:dial(orbit)

    retriever:wait("answered"):talk(500 * ms):hang_up()
    called:wait("ended")
  end,

  expect = function(wire)
    local audio <const> = wire:call { nth = 5 }:answered():audio()

    audio:flows("mediation", "gateway"):both_ways()
  end,
}
