--- The link is taken, and the carrier has no way to the branch but the one that Dora's call comes by:
--- what was tried over the PSTN goes on to Bella's voice mail.
local ds <const> = require "ds"

return ds.scenario {
  topology = "admission",
  variants = { "central_gateway" },
  proves   = { "RTE-27", "CAC-02", "CAC-04", "OPT-01", "OPT-02" },

  run = function(net)
    local first <close> = net.alice:dial(net.bella)
    local taken <close> = net.bella:await_call()

    taken:answer()
    first:wait("answered")

    local caller <close> = net.dora:dial(net.bella)

    caller:wait("answered"):talk(300 * ds.ms):hang_up()
    first:hang_up()
    taken:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered()
      :path { "dora", "pool", "bella", "mediation", "gateway", "pstn", "um" }
  end,
}
