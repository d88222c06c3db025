--- A client declines a call from the PSTN: 603 on the trunk, and nothing alerts after it.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  proves   = { "SIG-13", "CALL-04" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    caller:wait("ringing")
    callee:decline()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(603)
  end,
}
