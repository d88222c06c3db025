--- The caller gives up before a word has come back: the CANCEL waits for one, and ends the call.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  variants = { "bypass_on", "reliable_provisionals" },
  calls    = ds.every_call,
  proves   = { "CALL-03" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)

    caller:cancel()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():cancelled()
  end,
}
