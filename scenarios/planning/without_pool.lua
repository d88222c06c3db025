--- The pool has failed: each call stops, or gets through, as the plan says.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "inter_trunk" },
  calls    = ds.every_call,

  run = function(net)
    net.pool:fail()
    net.callee:auto_answer() -- if anybody is reached

    local caller <close> = net.caller:dial(net.callee)

    if pcall(caller.wait, caller, "answered", 2 * s) then
      caller:talk(300 * ms):hang_up():wait("ended")
    end
  end,

  expect = function(wire)
    wire:call():as_planned("pool")
  end,
}
