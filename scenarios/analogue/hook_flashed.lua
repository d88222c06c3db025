--- An analogue telephone presses its hook to hold, in vain: whom it speaks with still hears it.
--- Published as not supported; nothing of the flash reaches the gateway's trunk.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "analogue_devices",
  variants = { "bypass_on", "bypass_off" },
  calls    = { "analogue_to_ev", "pstn_to_analogue" },
  answered = true,
  proves   = { "ANA-01" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(150 * ms)

    local lobby <const> = net.caller == net.lobby and caller or callee

    lobby:flash_hook()
    ds.sleep(300 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways():for_at_least(400 * ms)
  end,
}
