--- The gateway asserts who calls, and the trunk passes that on: Alice's client is told.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  variants = { "asserted_identity" },
  proves   = { "SIG-24" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)

    net.alice:await_call():busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486)
  end,
}
