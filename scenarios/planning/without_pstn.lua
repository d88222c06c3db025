--- The PSTN has failed: calls to it stop, and no others.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "inter_trunk" },
  calls    = { "ev_to_ev", "ev_to_pstn", "ev_to_pbx", "pbx_to_ev", "pbx_to_pstn", "pbx_to_pbx" },

  run = function(net)
    net.pstn:fail()
    net.callee:auto_answer() -- if anybody is reached

    local caller <close> = net.caller:dial(net.callee)

    if pcall(caller.wait, caller, "answered", 2 * s) then
      caller:talk(300 * ms):hang_up():wait("ended")
    end
  end,

  expect = function(wire)
    wire:call():as_planned("pstn")
  end,
}
