--- A call from the PSTN rings at its site only, though Alice is signed in at home too. Its caller gives up,
--- and Alice gets a note of it.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "location_based",
  variants = { "missed_calls" },
  proves   = { "RTE-20", "MAIL-07" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    caller:wait("ringing")
    caller:hang_up()
    callee:wait("ended")
    ds.sleep(3 * s) -- the note is told by then
  end,

  expect = function(wire)
    wire:call():cancelled():silent { "edge", "alice_home" }
  end,
}
