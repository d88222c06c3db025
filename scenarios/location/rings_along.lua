--- Bob calls Alice, whose mobile rings along: that call leaves at the site where Bob is.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "location_based",
  variants = { "ring_also" },
  proves   = { "RTE-19", "OPT-01", "OPT-02", "SIG-18" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local desk <close> = net.alice:await_call()
    local mobile <close> = net.pstn:await_call()

    desk:ring()
    mobile:answer()
    desk:wait("ended")
    caller:wait("answered"):talk(200 * ms):hang_up()
    mobile:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("bob", "mediation"):both_ways()
    wire:call():audio():flows("mediation", "gateway_east"):both_ways()
  end,
}
