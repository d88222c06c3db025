--- A call from the PSTN is forwarded back there: alternate bypass IDs decide where its audio goes.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "hairpin", "to_mobile" },
  proves   = { "FWD-01", "OPT-01", "OPT-02", "CALL-02", "CALL-05" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local mobile <close> = net.pstn:await_call()

    mobile:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hold()
    mobile:wait("held")
    caller:resume()
    mobile:wait("answered")
    mobile:hang_up()
    caller:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():as_planned()
      :path { "pstn", "gateway", "mediation", "pool", "mediation", "gateway", "pstn" }
  end,
}
