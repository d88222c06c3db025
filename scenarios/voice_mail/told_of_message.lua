--- Bob leaves one message with each UM server, as the first takes no calls meanwhile. Alice's client
--- is told of one, and of two; when she has heard them, at the second, it is told that none is new.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function leave_message(net)
  local caller <close> = net.bob:dial(net.alice)

  net.alice:await_call():refuse(486)
  caller:wait("answered"):talk(500 * ms)
  caller:hang_up()
end

return ds.scenario {
  topology = "voice_mail",
  variants = { "message_waiting" },
  proves   = { "MAIL-03", "MAIL-01", "RTE-24" },

  run = function(net)
    leave_message(net)
    net.alice:wait_messages(1)

    net.um_a:on("invite", function(req) req:reply(503) end)
    leave_message(net)
    net.alice:wait_messages(2)

    local listener <close> = net.alice:dial("+14255550190")

    listener:wait("answered"):wait("ended")
    net.alice:wait_messages(0)
  end,

  expect = function(wire)
    wire:call { nth = 1 }:voice_mail():records("bob")
    wire:call { nth = 2 }:answered():audio():flows("bob", "um_b"):both_ways()
    wire:call { nth = 3 }:voice_mail():plays("bob")
  end,
}
