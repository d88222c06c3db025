--- SIPp, standing where the carrier stands, calls an Enterprise Voice user, sends back the audio
--- that it hears and clears the call.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "tests/sipp/real_carrier.lua",
  proves   = { "OPT-01", "TOPO-11", "TOPO-13", "TOPO-16", "CALL-01", "CALL-05", "WIRE-01" },

  run = function(net)
    local sipp <close> = ds.program {
      "sipp", "-sn", "uac", net.gateway.address .. ":5060", "-i", net.pstn.address, "-p", "5060",
      "-s", net.alice.number, "-m", "1", "-d", "300", "-rtp_echo", "-nostdin",
    }
    local callee <close> = net.alice:await_call()

    callee:ring()
    callee:answer()
    callee:wait("ended")
    if sipp:wait(5 * s) ~= 0 then
      error "SIPp is not content with its call"
    end
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "pstn", "gateway", "mediation", "pool", "alice" }
    call:answered():cleared_by("pstn"):audio():never_touches("mediation")
  end,
}
