--- Two remote workers talk straight to each other, also where each is behind a router that
--- translates addresses: the Edge has part in their signalling only.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  variants = { "bypass_on", "behind_nat" },
  proves   = { "OPT-01", "OPT-02", "TOPO-01", "ICE-01", "ICE-02", "ICE-03", "CALL-02" },

  run = function(net)
    local caller <close> = net.rita:dial(net.rolf)
    local callee <close> = net.rolf:await_call()

    callee:ring()
    callee:answer()
    caller:wait("answered")
    caller:talk(400 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "rita", "edge", "pool", "edge", "rolf" }
    call:answered():audio():flows("rita", "rolf"):both_ways():for_at_least(100 * ms)
  end,
}
