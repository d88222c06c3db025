--- Alice lets it ring: after her time the call goes on to her mobile telephone, and her computer is quiet.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voip_only",
  variants = { "unanswered" },
  proves   = { "RTE-23", "OPT-01", "OPT-02", "CALL-02" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local rung <close> = net.alice:await_call()

    rung:ring()

    local mobile <close> = net.pstn:await_call()

    rung:wait("ended")
    mobile:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    mobile:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("bob", "gateway"):both_ways()
  end,
}
