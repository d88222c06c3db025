--- One second of audio, for measurements.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "voip_only:bypass_on",
  answered = true,

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call(2 * s)

    callee:answer()
    caller:wait("answered", 2 * s)
    caller:talk(1 * s)
    caller:hang_up()
    callee:wait("ended", 2 * s)
  end,

  expect = function(wire)
    wire:call():answered()
  end,
}
