--- In every option a number that nobody has is a 404 from the element that ought to know it.
local ds <const> = require "ds"

return ds.scenario {
  topology    = ds.every_option,
  variants    = ds.every_bypass,
  calls       = ds.every_call,
  stops_short = true,

  run = function(net)
    local caller <close> = net.caller:dial(net:unassigned())

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(404)
  end,
}
