--- Bob calls Alice, who forwards all calls to her mobile: the gateway is told so where its trunk says.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "to_mobile", "with_history" },
  proves   = { "FWD-01", "FWD-03", "SIG-06", "OPT-01", "OPT-02", "CALL-02", "BYP-01" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local mobile <close> = net.pstn:await_call()

    mobile:ring()
    caller:wait("ringing")
    mobile:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    mobile:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():as_planned():silent({ "alice", "alice_desk" })
      :audio():flows("bob", "gateway"):both_ways()
  end,
}
