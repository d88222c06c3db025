--- The first of two gateways has failed: calls out take the second, calls in stop, as the plan says.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "two_gateways",
  calls    = ds.every_call,

  run = function(net)
    net.gateway_a:fail()
    net.callee:auto_answer() -- if anybody is reached

    local caller <close> = net.caller:dial(net.callee)

    if pcall(caller.wait, caller, "answered", 2 * s) then
      caller:talk(300 * ms):hang_up():wait("ended")
    end
  end,

  expect = function(wire)
    wire:call():as_planned("gateway_a")
  end,
}
