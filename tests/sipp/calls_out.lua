--- An Enterprise Voice user calls a number behind SIPp, which answers where the carrier stands and
--- sends back the audio that it hears.
local ds <const> = require "ds"
local ms <const>, s <const> = ds.ms, ds.s

return ds.scenario {
  topology = "tests/sipp/real_carrier.lua",
  proves   = { "OPT-01", "TOPO-11", "TOPO-13", "TOPO-16", "CALL-01", "CALL-05", "WIRE-01" },

  run = function(net)
    local sipp <close> = ds.program {
      "sipp", "-sf", "tests/sipp/answer.xml", "-i", net.pstn.address, "-p", "5060", "-m", "1",
      "-rtp_echo", "-nostdin",
    }
    local caller <close> = net.alice:dial(net.pstn)

    caller:wait("answered")
    caller:talk(200 * ms)
    caller:hang_up()
    caller:wait("ended")
    if sipp:wait(5 * s) ~= 0 then
      error "SIPp is not content with its call"
    end
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "alice", "pool", "mediation", "gateway", "pstn" }
    call:answered():cleared_by("caller"):audio():never_touches("mediation")
  end,
}
