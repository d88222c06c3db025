--- Rita, at home, adds Alice to a call with the PSTN: her audio with the conferencing server passes the
--- A/V Edge, Alice's goes straight there, and the PSTN's by the Mediation Server.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "remote_worker:conferencing" },
  proves   = { "OPT-01", "OPT-02", "CONF-02", "XFER-04", "ICE-02", "CALL-02" },

  run = function(net)
    local caller <close> = net.rita:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(300 * ms):add(net.alice)

    local third <close> = net.alice:await_call()

    third:answer()
    assert(caller:wait_added() == 200)
    third:talk(600 * ms):hang_up()
    callee:hang_up()
    caller:hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 2 }:path { "rita", "edge", "pool", "conferencing" }:audio()
      :flows("edge", "conferencing"):both_ways()
    wire:call { nth = 4 }:audio():flows("conferencing", "alice"):both_ways()
  end,
}
