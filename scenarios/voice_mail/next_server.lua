--- The first UM server refuses; the second takes the message.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voice_mail",
  proves   = { "RTE-24", "OPT-01", "OPT-02", "CALL-02" },

  run = function(net)
    net.um_a:on("invite", function(req) req:reply(503) end)

    local caller <close> = net.bob:dial(net.alice)
    local rung <close> = net.alice:await_call()

    rung:refuse(486)
    caller:wait("answered"):talk(300 * ms)
    caller:hang_up()
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("bob", "um_b"):both_ways()
  end,
}
