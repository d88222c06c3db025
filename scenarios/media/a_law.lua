--- An A-law caller gets A-law to the Mediation Server's peer, and is heard.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "in_front_of_pbx" },
  proves   = { "CALL-02", "BYP-12", "MED-01" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn, { codec = "PCMA" })
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("alice", "gateway"):hears("pstn", "alice")
  end,
}
