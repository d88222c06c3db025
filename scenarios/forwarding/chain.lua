--- Alice's calls go to Bob, Bob's to Carol, and what she does not take to a mobile telephone.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "chain" },
  proves   = { "FWD-01", "FWD-03", "RTE-23", "OPT-01", "OPT-02", "CALL-02" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local rung <close> = net.carol:await_call()

    rung:ring()

    local mobile <close> = net.pstn:await_call()

    rung:wait("ended")
    mobile:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    mobile:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():silent { "alice", "alice_desk", "bob" }
  end,
}
