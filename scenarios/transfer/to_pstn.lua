--- A user hands a caller over to another number of the PSTN. Asked by REFER the peer connects the
--- two itself; else the Mediation Server does, through the pool and in the user's name.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "no_refer", "third_party" },
  proves   = { "XFER-01", "XFER-02", "XFER-05" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(200 * ms)
    first:transfer("+12065550188")

    local second <close> = net.pstn:await_call()

    second:answer()
    first:wait("ended")
    caller:talk(300 * ms)
    second:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call { to = "+12065550188" }:answered()
  end,
}
