--- A UM server starts again, and has forgotten who is subscribed. It says so when Alice's client comes to
--- renew that; the client subscribes anew, and is told of what was left meanwhile, and of what comes then.
local ds <const> = require "ds"
local s <const>, min <const>, ms <const> = ds.s, 60 * ds.s, ds.ms

local function leave_message(net)
  local caller <close> = net.bob:dial(net.alice)

  net.alice:await_call():refuse(486)
  caller:wait("answered"):talk(500 * ms)
  caller:hang_up()
end

return ds.scenario {
  topology = "voice_mail",
  variants = { "message_waiting" },
  proves   = { "MAIL-05" },
  limit    = 60 * min,

  run = function(net)
    leave_message(net)
    net.alice:wait_messages(1)
    net:fault "restart um_a"
    ds.sleep(46 * min)
    leave_message(net)
    net.alice:wait_messages(2)
    ds.sleep(10 * s)
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():audio():flows("bob", "um_a"):both_ways()
    wire:sends("alice", "pool", "SUBSCRIBE"):at({ 0, 45 * min, 45 * min }, 1 * s)
  end,
}
