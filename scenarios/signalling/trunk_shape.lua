--- On a trunk the Mediation Server says its name, codecs and numbers, and no more than that.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  proves   = {
    "SIG-04", "SIG-06", "SIG-07", "SIG-09", "SIG-10",
    "MED-01", "MED-02", "MED-07", "TOPO-16", "WIRE-01",
  },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:ring()
    caller:wait("ringing")
    caller:cancel()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():cancelled()
  end,
}
