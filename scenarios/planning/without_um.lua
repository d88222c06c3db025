--- A UM server has failed: the next one takes the call, as the plan says.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voice_mail",
  variants = { "bypass_on" },
  calls    = { "ev_to_um", "pstn_to_um" },

  run = function(net)
    net.um_a:fail()

    local caller <close> = net.caller:dial("+14255550191")

    caller:wait("answered"):talk(300 * ms):hang_up():wait("ended")
  end,

  expect = function(wire)
    wire:call():as_planned("um_a")
  end,
}
