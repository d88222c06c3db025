--- The PSTN is dead: the gateway sends its INVITE seven times, and gives up after 32 s.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "voip_only",
  proves   = { "TIME-01", "TIME-02" },
  limit    = 120 * s,
  faults   = { "kill pstn" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)

    caller:wait("failed", 33 * s)
    ds.sleep(40 * s) -- nothing more is sent
  end,

  expect = function(wire)
    wire:call():refused(408):sends("gateway", "pstn", "INVITE")
      :at { 0, 500 * ms, 1500 * ms, 3500 * ms, 7500 * ms, 15500 * ms, 31500 * ms }
  end,
}
