--- Where their machines reach one another, a remote worker and a colleague inside talk past the
--- Edge: ICE finds the host candidates.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  variants = { "over_vpn" },
  proves   = { "OPT-01", "OPT-02", "ICE-01", "ICE-02", "ICE-03", "CALL-02" },

  run = function(net)
    local caller <close> = net.alice:dial(net.rita)
    local callee <close> = net.rita:await_call()

    callee:ring()
    callee:answer()
    caller:wait("answered")
    caller:talk(400 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "alice", "pool", "edge", "rita" }
    call:answered():audio():both_ways():for_at_least(100 * ms)
  end,
}
