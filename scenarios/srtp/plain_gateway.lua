--- A gateway without SRTP takes the plain half of what its trunk offers, and is heard in the clear.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "srtp",
  variants = { "plain_gateway" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  answered = true,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("client", "gateway"):both_ways():in_the_clear()
  end,
}
