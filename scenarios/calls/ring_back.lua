--- A telephone of the PBX calls Alice, and is told that her computer rings.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx", "direct_sip_partner" },
  proves   = { "CALL-09" },

  run = function(net)
    local caller <close> = net.carol:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    ds.sleep(600 * ms)
    callee:answer()
    caller:wait("answered"):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire) wire:call():answered():cleared_by("carol") end,
}
