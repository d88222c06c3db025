--- A user hands a caller from the PSTN over to a telephone of the PBX, and a telephone of the PBX to
--- a colleague.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function hand_over(from, user, target)
  local caller <close> = from:dial(user)
  local first <close> = user:await_call()

  first:answer()
  caller:wait("answered"):talk(200 * ms)
  first:transfer(target)

  local second <close> = target:await_call()

  second:answer()
  first:wait("ended")
  caller:talk(300 * ms)
  second:hang_up()
  caller:wait("ended")
end

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx", "direct_sip_partner" },
  variants = { "bypass_on", "bypass_off" },
  proves   = { "XFER-01", "XFER-02", "XFER-05" },

  run = function(net)
    hand_over(net.pstn, net.alice, net.carol)
    hand_over(net.carol, net.alice, net.bob)
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():cleared_by("carol"):audio():hears("pstn", "carol")
    wire:call { nth = 4 }:answered():cleared_by("bob"):audio():hears("carol", "bob")
  end,
}
