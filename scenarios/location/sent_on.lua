--- Alice has her calls sent on to her mobile: they leave at the site of whoever calls, and those from
--- home and from the PSTN by the gateway that is open to all.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(net, from)
  local caller <close> = from:dial(net.alice)
  local mobile <close> = net.pstn:await_call()

  mobile:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  mobile:wait("ended")
end

return ds.scenario {
  topology = "location_based",
  variants = { "to_mobile" },
  proves   = { "RTE-19", "FWD-01", "OPT-01", "OPT-02" },

  run = function(net)
    talk(net, net.bob)
    talk(net, net.rita)
    talk(net, net.pstn)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "bob", "pool", "mediation", "gateway_east", "pstn" }
    wire:call { nth = 2 }:answered()
      :path { "rita", "edge", "pool", "mediation", "gateway_main", "pstn" }
    wire:call { nth = 3 }:answered():path {
      "pstn", "gateway_west", "mediation", "pool", "mediation", "gateway_main", "pstn",
    }
  end,
}
