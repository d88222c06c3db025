--- A call in SRTP is held and taken up again under the keys that it has.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "srtp",
  variants = { "required", "required_through_mediation", "optional", "optional_through_mediation" },
  proves   = { "MED-24", "SIG-01", "SIG-02", "SIG-03", "CALL-02" },

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
    callee:hold()
    caller:wait("held")
    callee:resume()
    caller:wait("answered")
    caller:talk(120 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
