--- Nobody answers in the PSTN: after three minutes the exchange clears the call, as T301 has it.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = { "voip_only", "behind_pbx", "in_front_of_pbx", "direct_sip_partner" },
  calls    = { "ev_to_pstn", "ev_to_pbx" },
  proves   = { "TIME-05" },
  limit    = 200 * s,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("failed", 181 * s)
  end,

  expect = function(wire)
    wire:call():refused(480)
  end,
}
