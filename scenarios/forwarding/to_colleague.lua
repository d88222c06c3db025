--- Carol calls Alice, who forwards all calls to Bob: he answers, and no device of Alice's rings.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "to_colleague" },
  proves   = { "FWD-01", "FWD-03", "OPT-01", "OPT-02", "OPT-03", "CALL-02", "TOPO-01" },

  run = function(net)
    local caller <close> = net.carol:dial(net.alice)
    local callee <close> = net.bob:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():silent({ "alice", "alice_desk" })
      :audio():flows("carol", "bob"):both_ways()
  end,
}
