--- A call comes to Carol's telephone: her computer is told that it is answered, and then over.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx" },
  variants = { "remote_call_control" },
  proves   = { "RCC-05", "CALL-02" },

  run = function(net)
    local caller <close> = net.alice:dial(net.carol)
    local callee <close> = net.carol:await_call()

    callee:answer()
    caller:wait("answered"):talk(300 * ms)
    caller:hang_up()
    callee:wait("ended")
    net.carol_pc:wait_line("idle")
  end,

  expect = function(wire)
    wire:call():answered()
  end,
}
