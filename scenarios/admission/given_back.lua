--- The link to the branch holds one call. When that is over its bandwidth is another call's.
local ds <const> = require "ds"

local function call(from, to)
  local caller <close> = from:dial(to)
  local callee <close> = to:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ds.ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "admission",
  proves   = { "CAC-01", "CAC-02", "CAC-03", "CAC-05", "TOPO-01" },

  run = function(net)
    call(net.alice, net.bella)
    call(net.bruno, net.dora)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():path { "alice", "pool", "bella" }
    wire:call { nth = 2 }:answered():path { "bruno", "pool", "dora" }
  end,
}
