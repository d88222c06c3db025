--- The PSTN refuses with 408, then with 502: neither is tried by another trunk.
local ds <const> = require "ds"

return ds.scenario {
  topology = "least_cost",
  proves   = { "RTE-07", "CALL-04" },

  run = function(net)
    for _, status in ipairs { 408, 502 } do
      local caller <close> = net.alice:dial(net.pstn)
      local callee <close> = net.pstn:await_call()

      callee:refuse(status)
      caller:wait("failed")
    end
  end,

  expect = function(wire)
    wire:call { nth = 1 }:refused(408):silent { "gateway_east" }
    wire:call { nth = 2 }:refused(502):silent { "gateway_east" }
  end,
}
