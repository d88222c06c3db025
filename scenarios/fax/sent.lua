--- A fax machine sends a page to the PSTN: T.38 between the two gateways.
--- The Mediation Server passes the offer on, and carries none of it.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "analogue_devices",
  variants = { "bypass_on", "bypass_off" },
  answered = true,
  proves   = { "MED-13", "FAX-01", "FAX-02", "FAX-03" },
  limit    = 90 * s,

  run = function(net)
    local caller <close> = net.fax:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    caller:send_fax { rows = 100, page = 2 }
    callee:receive_fax():answer()
    caller:wait("answered"):wait_fax()
    callee:wait_fax()
    callee:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("callee"):path {
      "fax", "analogue_gateway", "mediation", "pool", "mediation", "gateway", "pstn",
    }
    wire:call():fax():by_t38():flows("analogue_gateway", "gateway"):never_touches("mediation")
      :arrives { rows = 100, page = 2 }
  end,
}
