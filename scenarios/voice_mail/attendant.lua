--- The auto attendant transfers its callers to the extension that they key in; where that one is
--- busy, it ends the call.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function connect(from, user)
  local caller <close> = from:dial("+14255550191")

  caller:wait("answered"):talk(300 * ms):send_digits("101#")

  local callee <close> = user:await_call()

  callee:answer()
  callee:talk(200 * ms)
  callee:hang_up()
  caller:wait("ended")
end

return ds.scenario {
  topology = "voice_mail",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "XFER-01", "XFER-02", "CALL-02", "OPT-01", "OPT-02" },

  run = function(net)
    connect(net.pstn, net.alice)
    connect(net.bob, net.alice)

    local caller <close> = net.bob:dial("+14255550191")

    caller:wait("answered"):talk(300 * ms):send_digits("101#")
    net.alice:await_call():refuse(603)
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():audio():hears("pstn", "um_a")
    wire:call { nth = 2 }:answered():audio():hears("pstn", "alice")
    wire:call { nth = 4 }:answered():audio():hears("bob", "alice")
    wire:call { nth = 6 }:refused(603)
  end,
}
