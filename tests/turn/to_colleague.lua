--- A remote worker and a colleague inside talk through coturn, which stands where the A/V Edge does.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "tests/turn/real_av_edge.lua",
  proves   = {
    "OPT-01", "OPT-02", "MED-15", "ICE-01", "ICE-02", "ICE-03", "TURN-01", "TURN-02",
    "CALL-02",
  },

  run = function(net)
    local coturn <close> = ds.program {
      "turnserver", "-n", "--listening-ip", net.edge.av_address, "--relay-ip", net.edge.address,
      "--min-port", "50000", "--max-port", "59999", "--realm", "contoso.example",
      "--lt-cred-mech", "--user", "rita:secret", "--allow-loopback-peers", "--no-tls", "--no-dtls",
      "--no-tcp", "--no-cli", "--no-rfc5780", "--log-file", "stdout", "--pidfile", "/dev/null",
      "--userdb", "/dev/null",
    }
    local caller <close> = net.rita:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:ring()
    callee:answer()
    caller:wait("answered")
    caller:talk(600 * ms)
    caller:hang_up()
    callee:wait("ended")
    if coturn:exited() then
      error "coturn did not stay to the end"
    end
  end,

  expect = function(wire)
    local call <const> = wire:call()
    call:path { "rita", "edge", "pool", "alice" }
    call:answered():audio():both_ways():for_at_least(100 * ms)
  end,
}
