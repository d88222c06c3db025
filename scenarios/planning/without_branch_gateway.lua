--- The branch's gateway has failed: its calls leave by the central one and are relayed, as the plan says.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "branch",

  run = function(net)
    net.gateway_branch:fail()

    local caller <close> = net.bella:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(300 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():as_planned("gateway_branch")
  end,
}
