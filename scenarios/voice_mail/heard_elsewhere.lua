--- Bob leaves one message with each of the two UM servers, as the first goes out of service meanwhile.
--- Alice hears both at the second.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function leave_message(net, length_us)
  local caller <close> = net.bob:dial(net.alice)

  net.alice:await_call():refuse(486)
  caller:wait("answered"):talk(length_us)
  caller:hang_up()
end

return ds.scenario {
  topology = "voice_mail",
  variants = { "bypass_on" },
  proves   = { "MAIL-01", "RTE-24", "OPT-01", "OPT-02" },

  run = function(net)
    leave_message(net, 500 * ms)
    net.um_a:on("invite", function(req) req:reply(503) end)
    leave_message(net, 400 * ms)

    local listener <close> = net.alice:dial("+14255550190")

    listener:wait("answered"):wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered():audio():flows("bob", "um_a"):both_ways()
    wire:call { nth = 2 }:answered():audio():flows("bob", "um_b"):both_ways()
    wire:call { nth = 3 }:answered():audio():flows("um_b", "alice")
    wire:call { nth = 3 }:voice_mail():plays("bob", 500 * ms)
  end,
}
