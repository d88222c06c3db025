--- The link is taken, Carl's calls may not go over the PSTN, and Bruno has no voice mail: Carl is told
--- why there is no call. When the link is free again there is one.
local ds <const> = require "ds"

return ds.scenario {
  topology = "admission",
  proves   = { "RTE-27", "CAC-01", "CAC-02", "CAC-03", "CAC-05", "SIG-15", "CALL-04" },

  run = function(net)
    local first <close> = net.alice:dial(net.bella)
    local taken <close> = net.bella:await_call()

    taken:answer()
    first:wait("answered")

    local refused <close> = net.carl:dial(net.bruno)

    refused:wait("failed")
    first:talk(200 * ds.ms):hang_up()
    taken:wait("ended")

    local caller <close> = net.carl:dial(net.bruno)
    local callee <close> = net.bruno:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ds.ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:refused(488):path { "carl", "pool", "bruno" }:silent { "mediation", "um" }
    wire:call { nth = 3 }:answered()
  end,
}
