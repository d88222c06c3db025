--- The call park service has failed: nobody can take a parked call up, as the plan says.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = { "analogue_devices", "behind_pbx" },
  variants = { "call_park" },
  limit    = 90 * s,

  run = function(net)
    net.park:fail()

    local caller <close> = net.bob:dial("7001")

    caller:wait("failed", 60 * s)
  end,

  expect = function(wire)
    wire:call():as_planned("park")
  end,
}
