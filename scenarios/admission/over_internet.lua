--- The link is taken, and each site has an Edge: Dora's call to Bruno goes from the one to the other
--- over the Internet, and nothing of it over the link or the PSTN.
local ds <const> = require "ds"

return ds.scenario {
  topology = "admission",
  variants = { "internet" },
  proves   = { "RTE-27", "CAC-01", "CAC-02", "CAC-03", "OPT-01", "OPT-02", "TOPO-01", "CALL-02",
               "ICE-02", "ICE-03", "MED-15", "TURN-01", "TURN-02" },

  run = function(net)
    local first <close> = net.alice:dial(net.bella)
    local taken <close> = net.bella:await_call()

    taken:answer()
    first:wait("answered")

    local caller <close> = net.dora:dial(net.bruno)
    local callee <close> = net.bruno:await_call()

    callee:answer()
    caller:wait("answered"):talk(400 * ds.ms):hang_up()
    callee:wait("ended")
    first:hang_up()
    taken:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():audio():flows("alice", "bella"):both_ways()

    local call <const> = wire:call { nth = 2 }

    call:answered():path { "dora", "pool", "bruno" }
    call:audio():flows("edge", "edge_branch"):both_ways():for_at_least(100 * ds.ms)
  end,
}
