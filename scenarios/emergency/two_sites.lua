--- Emergency calls leave by the gateway of their own site, whatever is dialled for them there; only
--- the trunk that has PIDF-LO enabled shows the peer where the caller is. So they do where all other
--- calls stay at their site.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function emergency(net, from, digits)
  local caller <close> = from:dial(digits)
  local callee <close> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = { "emergency", "emergency:calls_stay" },
  proves   = { "RTE-21", "EMG-01", "SIG-16" },

  run = function(net)
    emergency(net, net.alice, "911")
    emergency(net, net.bob, "911")
    emergency(net, net.alice, "112")
    emergency(net, net.bob, "9911")
  end,

  expect = function(wire)
    for nth, road in ipairs { "west", "east", "west", "east" } do
      local caller <const> = road == "west" and "alice" or "bob"

      wire:call { to = "+911", nth = nth }:answered()
        :path { caller, "pool", "mediation", "gateway_" .. road, "pstn" }
    end
  end,
}
