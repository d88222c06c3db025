--- The gateway shows the number (ELIN) of the place where two people make emergency calls, one after
--- the other; who calls that number back reaches the last of them.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function emergency(net, from)
  local caller <close> = from:dial("911")
  local callee <close> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms)
  callee:hang_up()
  caller:wait("ended")
end

return ds.scenario {
  topology = "emergency",
  proves   = { "RTE-21", "RTE-22", "EMG-02" },

  run = function(net)
    emergency(net, net.adam)
    emergency(net, net.alice)

    local back <close> = net.pstn:dial("+14255550191")
    local callee <close> = net.alice:await_call()

    callee:answer()
    back:wait("answered"):talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered()
      :path { "adam", "pool", "mediation", "gateway_west", "pstn" }
    wire:call { nth = 2 }:answered()
    wire:call { nth = 3 }:answered()
      :path { "pstn", "gateway_west", "mediation", "pool", "alice" }
  end,
}
