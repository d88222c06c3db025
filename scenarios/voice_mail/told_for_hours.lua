--- Alice's client is told of messages for longer than one subscription lasts: it renews that in time.
--- Bob's computer loses power meanwhile; his subscription ends with its hour.
local ds <const> = require "ds"
local s <const>, min <const>, ms <const> = ds.s, 60 * ds.s, ds.ms

return ds.scenario {
  topology = "voice_mail",
  variants = { "message_waiting" },
  proves   = { "MAIL-03", "MAIL-04", "MAIL-06" },
  limit    = 80 * min,

  run = function(net)
    ds.sleep(1 * min)
    net.bob:fail()
    ds.sleep(65 * min)

    local caller <close> = net.pstn:dial(net.alice)

    net.alice:await_call():refuse(486)
    caller:wait("answered"):talk(500 * ms)
    caller:hang_up()
    net.alice:wait_messages(1)
    ds.sleep(10 * s)
  end,

  expect = function(wire)
    wire:call():voice_mail():records("pstn")
    wire:sends("alice", "pool", "SUBSCRIBE"):at({ 0, 45 * min }, 1 * s)
  end,
}
