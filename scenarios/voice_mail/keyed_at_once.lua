--- A caller of the auto attendant keys in the extension and says nothing.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voice_mail",
  variants = { "bypass_on" },
  proves   = { "CALL-02", "XFER-01" },

  run = function(net)
    local caller <close> = net.pstn:dial("+14255550191")

    caller:wait("answered"):send_digits("101#")

    local callee <close> = net.alice:await_call()

    callee:answer():talk(200 * ds.ms):hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():audio():hears("pstn", "alice")
  end,
}
