--- No UM server takes the call: its caller is told that nobody can be reached, and why.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voice_mail",
  proves   = { "RTE-24", "SIG-15" },

  run = function(net)
    net.um_a:on("invite", function(req) req:reply(503) end)
    net.um_b:on("invite", function(req) req:reply(486) end)

    local caller <close> = net.pstn:dial(net.alice)
    local rung <close> = net.alice:await_call()

    rung:refuse(486)
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(480):silent { "bob" }
  end,
}
