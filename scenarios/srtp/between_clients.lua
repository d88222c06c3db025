--- Two clients that require encryption talk to one another in SRTP, past every server.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "srtp",
  variants = { "required", "optional" },
  calls    = { "ev_to_ev" },
  answered = true,
  proves   = { "MED-24" },

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
    wire:call():answered():audio():both_ways():encrypted()
  end,
}
