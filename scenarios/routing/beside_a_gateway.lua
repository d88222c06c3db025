--- A PBX user is called past the gateway that stands beside the Direct SIP partner.
local ds <const> = require "ds"

return ds.scenario {
  topology = "partner_with_gateway",
  calls    = { "ev_to_pbx" },

  run = function(net)
    local caller <close> = net.alice:dial(net.carol)
    local callee <close> = net.carol:await_call(ds.s)

    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(486)
  end,
}
