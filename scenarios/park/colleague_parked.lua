--- A colleague is parked, and taken up at an analogue telephone or one of the PBX.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "analogue_devices", "behind_pbx" },
  variants = { "call_park" },
  race     = true,  -- whether a packet is sent in the short calls to the service, among others
  proves   = { "PARK-01", "PARK-02" },

  run = function(net)
    local phone <const> = rawget(net, "lobby") or net.carol
    local caller <close> = net.bob:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(150 * ms)

    local orbit <const> = first:park()

    first:wait("ended")
    ds.sleep(150 * ms)

    local retriever <close> = phone:dial(orbit)

    retriever:wait("answered")
    ds.wait(function() return caller:peer_number() == phone.number end, ds.s, "the telephone")
    retriever:talk(250 * ms)
    caller:hang_up()
    retriever:wait("ended")
  end,
}
