--- Carol has her telephone call somebody by a click at her computer, and hangs up there too.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx" },
  variants = { "remote_call_control" },
  proves   = { "RCC-02", "RCC-03", "RCC-04", "RCC-05", "CALL-02" },

  run = function(net)
    local caller <close> = net.carol_pc:make_call(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:ring()
    net.carol_pc:wait_line("delivered")
    callee:answer()
    caller:wait("answered")
    net.carol_pc:wait_line("established")
    caller:talk(200 * ms)
    net.carol_pc:clear_call()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered()
  end,
}
