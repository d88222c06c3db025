--- The gateway asserts who calls, and nobody behind the trunk is told, for it passes none on.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  variants = { "identity_kept_out" },
  proves   = { "SIG-23" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)

    net.alice:await_call():busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486)
  end,
}
