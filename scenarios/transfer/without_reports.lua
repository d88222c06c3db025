--- A bypassed call on a trunk without REFER, whose RTCP the Mediation Server does not hear, is up
--- for as long as its ends like.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = { "voip_only:no_refer", "direct_sip_partner:third_party" },
  limit    = 60 * s,
  proves   = { "BYP-14" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(40 * s):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("alice")
  end,
}
