--- A trunk over TLS without SRTP: signalling is encrypted, and nothing is said of keys.
local ds <const> = require "ds"

return ds.scenario {
  topology = "srtp",
  variants = { "off" },
  proves   = { "MED-07" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered()
  end,
}
