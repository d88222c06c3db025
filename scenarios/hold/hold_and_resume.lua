--- A client holds a PSTN call and takes it up again, and audio flows as before.
--- In SDP that is inactive, then sendrecv.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "bypass_off" },
  proves   = { "SIG-01", "SIG-02", "SIG-03", "MED-34" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(120 * ms)
    caller:hold()
    callee:wait("held")
    caller:resume()
    callee:wait("answered")
    caller:talk(120 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
