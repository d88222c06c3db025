--- Two calls are parked at orbits of their own, and whoever calls an orbit has the one that is there.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function park(net, caller)
  local first <close> = net.alice:await_call()

  first:answer()
  caller:wait("answered"):talk(150 * ms)

  local orbit <const> = first:park()

  first:wait("ended")
  return orbit
end

return ds.scenario {
  topology = "analogue_devices",
  variants = { "call_park" },
  race     = true,  -- whether a packet is sent in the short calls to the service, among others
  proves   = { "PARK-01", "PARK-02" },

  run = function(net)
    local one <close> = net.lobby:dial(net.alice)
    local at <const> = park(net, one)
    local other <close> = net.pstn:dial(net.alice)
    local at_another <const> = park(net, other)

    assert(at ~= at_another)

    local retriever <close> = net.bob:dial(at_another)

    retriever:wait("answered"):talk(300 * ms):hang_up()
    other:wait("ended")

    local last <close> = net.bob:dial(at)

    last:wait("answered"):talk(300 * ms):hang_up()
    one:wait("ended")
  end,
}
