--- The far end alone holds, a phone of the PBX or the PSTN: its client sees it, and hears it again.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "bypass_off" },
  calls    = { "ev_to_pstn", "pbx_to_ev" },
  proves   = { "SIG-01", "SIG-02", "SIG-03", "MED-34" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()
    local far <const> = net.callee.name == "alice" and caller or callee
    local client <const> = far == callee and caller or callee

    callee:answer()
    caller:wait("answered")
    caller:talk(100 * ms)
    far:hold()
    client:wait("held")
    far:resume()
    client:wait("answered")
    caller:talk(100 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
