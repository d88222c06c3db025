--- A remote worker and a colleague inside, with a wall between them: their audio goes by the A/V
--- Edge, and nothing of the call by the Mediation Server.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  variants = { "bypass_on", "behind_nat" },
  proves   = { "OPT-01", "OPT-02", "TOPO-01", "ICE-01", "ICE-02", "ICE-03", "TURN-02", "CALL-02" },

  run = function(net)
    local caller <close> = net.rita:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    callee:answer()
    caller:wait("answered")
    caller:talk(300 * ms)
    caller:hold()
    caller:resume()
    caller:talk(300 * ms)
    caller:hang_up()
    callee:wait("ended")

    local back <close> = net.bob:dial(net.rita)
    local away <close> = net.rita:await_call()

    away:answer()
    back:wait("answered")
    back:talk(400 * ms)
    back:hang_up()
    away:wait("ended")
  end,

  expect = function(wire)
    local out <const>, back <const> = wire:call { nth = 1 }, wire:call { nth = 2 }
    out:path { "rita", "edge", "pool", "alice" }
    out:answered():audio():both_ways():never_touches("mediation")
    back:path { "bob", "pool", "edge", "rita" }
    back:answered():audio():both_ways():never_touches("mediation")
  end,
}
