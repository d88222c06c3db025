--- Clients and trunk that cannot encrypt alike: audio passes the Mediation Server though the bypass
--- IDs are equal, encrypted on one side of it and in the clear on the other.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "srtp",
  variants = { "tcp_trunk", "plain_trunk", "plain_gateway_refused", "plain_clients" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  answered = true,
  proves   = { "MED-24" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(240 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways():for_at_least(100 * ms)
  end,
}
