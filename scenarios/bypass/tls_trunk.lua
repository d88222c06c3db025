--- A trunk over TLS bypasses like one over TCP, and the capture can be read all the same.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "tls_trunk" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  answered = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():never_touches("mediation")
  end,
}
