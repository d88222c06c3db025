--- The caller hears the announcement that the carrier plays before it refuses.
--- The call is never answered.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "bypass_off" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:early_media()
    caller:wait("early_media")
    ds.sleep(200 * ms)
    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486):audio():hears("alice", "pstn")
  end,
}
