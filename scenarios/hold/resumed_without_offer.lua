--- The far end resumes by a re-INVITE without SDP: the Mediation Server's 200 offers to talk again.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "bypass_off" },
  proves   = { "SIG-21" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(100 * ms)
    callee:hold()
    caller:wait("held")
    callee:resume_without_offer()
    caller:wait("answered")
    caller:talk(100 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
