--- A fax from the PSTN: back to the gateway it came in by, and on to the machine as T.38.
--- The page arrives as it was sent.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "analogue_devices",
  variants = { "bypass_on", "bypass_off" },
  answered = true,
  proves   = { "MED-13", "RTE-26", "FAX-01", "FAX-02", "FAX-03" },
  limit    = 90 * s,

  run = function(net)
    local caller <close> = net.pstn:dial(net.fax)
    local callee <close> = net.fax:await_call()

    caller:send_fax()
    callee:receive_fax():answer()
    caller:wait("answered"):wait_fax()
    callee:wait_fax()
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():path {
      "pstn", "gateway", "mediation", "pool", "mediation", "gateway", "analogue_gateway", "fax",
    }
    wire:call():fax():by_t38():flows("gateway", "analogue_gateway"):never_touches("mediation")
      :arrives()
  end,
}
