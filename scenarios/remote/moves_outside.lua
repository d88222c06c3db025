--- A user at her desk calls the PSTN past the Mediation Server; then she goes home, and the same
--- call, and the one back, go by the Edge and the Mediation Server.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(caller, callee)
  callee:ring()
  callee:answer()
  caller:wait("answered")
  caller:talk(400 * ms)
  caller:hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "remote_worker",
  variants = { "bypass_on", "always_bypass" },
  proves   = { "OPT-01", "OPT-02", "TOPO-17", "BYP-01", "BYP-08", "BYP-19", "CALL-02" },

  run = function(net)
    local desk <close> = net.alice:dial(net.pstn)
    local first <close> = net.pstn:await_call()
    talk(desk, first)

    net.alice:move_to(net.alice_away)
    local home <close> = net.alice_away:dial(net.pstn)
    local second <close> = net.pstn:await_call()
    talk(home, second)

    local back <close> = net.pstn:dial(net.alice)
    local reached <close> = net.alice_away:await_call()
    talk(back, reached)
  end,

  expect = function(wire)
    local desk <const>, home <const>, back <const> =
      wire:call { nth = 1 }, wire:call { nth = 2 }, wire:call { nth = 3 }
    desk:path { "alice", "pool", "mediation", "gateway", "pstn" }
    desk:answered():audio():both_ways():never_touches("mediation")
    home:path { "alice_away", "edge", "pool", "mediation", "gateway", "pstn" }
    home:answered():audio():flows("alice_away", "edge"):both_ways()
    home:audio():flows("edge", "mediation"):both_ways()
    back:path { "pstn", "gateway", "mediation", "pool", "edge", "alice_away" }
    back:answered():audio():flows("mediation", "edge"):both_ways()
  end,
}
