--- Both gateways have stopped answering OPTIONS: no trunk is left, and none is called. The pool says
--- so with the error id 12000.
local ds <const> = require "ds"
local s <const>, min <const> = ds.s, 60 * ds.s

return ds.scenario {
  topology = "least_cost",
  proves   = { "RTE-14" },
  limit    = 12 * min,

  run = function(net)
    ds.sleep(62 * s) -- one poll is answered
    net:fault "freeze gateway_west"
    net:fault "freeze gateway_east"
    ds.sleep(5 * min + 40 * s)

    local caller <close> = net.alice:dial(net.pstn)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(503):path { "alice", "pool", "mediation", "mediation" }
  end,
}
