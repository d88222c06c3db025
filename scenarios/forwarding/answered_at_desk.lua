--- Alice's desk and her mobile ring together; she answers at the desk, and the mobile is quiet.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "ring_also" },
  proves   = { "SIG-18", "OPT-01", "OPT-02", "OPT-03", "CALL-02", "TOPO-01" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local desk <close> = net.alice_desk:await_call()
    local computer <close> = net.alice:await_call()
    local mobile <close> = net.pstn:await_call()

    desk:ring()
    computer:ring()
    mobile:ring()
    caller:wait("ringing")
    desk:answer()
    computer:wait("ended")
    mobile:wait("ended")
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    desk:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("bob", "alice_desk"):both_ways()
  end,
}
