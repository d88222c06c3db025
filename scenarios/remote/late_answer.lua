--- A colleague inside answers a remote worker, and the answer is slow on its last way: what the
--- colleague's client already sends to the relayed address is nobody's until the worker's client
--- has heard the answer and asked for it.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  faults   = { "delay 100ms of tcp and dst host rita" },
  proves   = { "OPT-02", "TURN-02", "CALL-02" },

  run = function(net)
    local caller <close> = net.rita:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    callee:answer()
    caller:wait("answered")
    caller:talk(800 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "rita", "edge", "pool", "alice" }
    call:answered():audio():both_ways():for_at_least(100 * ms)
  end,
}
