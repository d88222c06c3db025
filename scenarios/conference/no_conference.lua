--- The conferencing server takes no call, and then cannot move one: the call stays as it is, bypassed.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "conferencing",
  variants = { "bypass_on" },
  race     = true,  -- how much is heard of a conference that is left at once
  proves   = { "BYP-01" },

  run = function(net)
    local refuses = net.conferencing

    net.conferencing:on("invite", function(req)
      if refuses == net.conferencing then
        req:reply(503)
      end
    end)
    net.mediation:on("invite", function(req)
      if refuses == net.mediation then
        req:reply(500)
      end
    end)

    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):add(net.bob)
    assert(caller:wait_added() == 503)
    refuses = net.mediation
    caller:add(net.bob)
    assert(caller:wait_added() == 500)
    caller:talk(200 * ms):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():cleared_by("alice"):audio():never_touches("mediation")
      :flows("alice", "gateway"):both_ways()
    wire:call { nth = 2 }:refused(503)
    wire:call { nth = 3 }:answered():cleared_by("alice")
    wire:call { nth = 4 }:refused(500)
  end,
}
