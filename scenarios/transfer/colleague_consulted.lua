--- A user asks somebody in the PSTN first, and hands a colleague over then: the colleague's client
--- takes the user's place at the Mediation Server.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voip_only",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "XFER-01", "XFER-02", "XFER-04", "XFER-05" },

  run = function(net)
    local first <close> = net.alice:dial(net.bob)
    local colleague <close> = net.bob:await_call()

    colleague:answer()
    first:wait("answered"):talk(120 * ms):hold()

    local question <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    question:wait("answered"):talk(120 * ms)
    first:transfer_to(question)
    first:wait("ended")
    question:wait("ended")
    colleague:wait("answered"):talk(200 * ms)
    callee:hang_up()
    colleague:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 3 }:answered():audio():hears("bob", "pstn"):hears("pstn", "bob")
  end,
}
