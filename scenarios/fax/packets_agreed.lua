--- The gateways go over to T.38 as soon as the machine that is called answers with its tone.
--- The fax itself is not waited for.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "analogue_devices",
  proves   = { "MED-13", "RTE-26", "FAX-01" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.fax)
    local callee <close> = net.fax:await_call()

    caller:send_fax()
    callee:receive_fax():answer()
    caller:wait("answered"):talk(5 * s):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("caller"):fax():by_t38()
      :flows("gateway", "analogue_gateway"):never_touches("mediation")
  end,
}
