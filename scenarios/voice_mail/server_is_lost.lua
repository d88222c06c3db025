--- The UM server that tells of messages fails: Alice's client finds out when it comes to renew its
--- subscription, subscribes anew, and is told by the other server.
local ds <const> = require "ds"
local s <const>, min <const>, ms <const> = ds.s, 60 * ds.s, ds.ms

return ds.scenario {
  topology = "voice_mail",
  variants = { "message_waiting" },
  proves   = { "MAIL-05" },
  limit    = 60 * min,

  run = function(net)
    ds.sleep(1 * min)
    net.um_a:fail()
    ds.sleep(47 * min)

    local caller <close> = net.bob:dial(net.alice)

    net.alice:await_call():refuse(486)
    caller:wait("answered", 15 * s):talk(500 * ms)
    caller:hang_up()
    net.alice:wait_messages(1)
    ds.sleep(10 * s)
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("bob", "um_b"):both_ways()
    wire:sends("alice", "pool", "SUBSCRIBE"):at({ 0, 45 * min, 45 * min }, 1 * s)
  end,
}
