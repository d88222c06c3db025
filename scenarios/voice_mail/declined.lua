--- Alice declines. That is final: the caller is refused, and no voice mail asks for a message.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voice_mail",
  proves   = { "MAIL-02", "CALL-04" },

  run = function(net)
    local caller <close> = net.bob:dial(net.alice)
    local rung <close> = net.alice:await_call()

    rung:ring()
    rung:refuse(603)
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(603):silent { "um" }
  end,
}
