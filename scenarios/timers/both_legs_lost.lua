--- Both legs of a call end at a gateway that fails: the Mediation Server learns of it by its silence.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "in_front_of_pbx",
  variants = { "inter_trunk" },
  calls    = { "pbx_to_pstn" },
  proves   = { "MED-10" },
  limit    = 60 * s,

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(1 * s)
    net.gateway:fail()
    ds.sleep(34 * s)
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("mediation")
  end,
}
