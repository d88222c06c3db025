--- Alice dials three digits, and the PBX phone with that extension rings.
--- The pool makes the digits E.164 by its dial plan.
local ds <const> = require "ds"

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx", "direct_sip_partner" },
  proves   = { "RTE-01", "OPT-01" },

  run = function(net)
    local caller <close> = net.alice:dial("201")
    local callee <close> = net.carol:await_call()

    callee:ring()
    caller:wait("ringing")
    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486)
  end,
}
