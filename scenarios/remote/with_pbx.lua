--- A remote worker and a phone of the PBX call each other: the audio passes the A/V Edge, the
--- Mediation Server, the gateway and the PBX, with bypass on and off.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(from, to)
  local caller <close> = from:dial(to)
  local callee <close> = to:await_call()

  callee:ring()
  caller:wait("ringing")
  callee:answer()
  caller:wait("answered")
  caller:talk(400 * ms)
  caller:hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "remote_behind_pbx",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "OPT-01", "OPT-02", "OPT-03", "BYP-08", "ICE-01", "ICE-02", "ICE-03", "CALL-02" },

  run = function(net)
    talk(net.rita, net.carol)
    talk(net.carol, net.rita)
    talk(net.rita, net.pstn)
    talk(net.pstn, net.rita)
  end,

  expect = function(wire)
    local paths <const> = {
      { "rita", "edge", "pool", "mediation", "gateway", "pbx", "carol" },
      { "carol", "pbx", "gateway", "mediation", "pool", "edge", "rita" },
      { "rita", "edge", "pool", "mediation", "gateway", "pbx", "pstn" },
      { "pstn", "pbx", "gateway", "mediation", "pool", "edge", "rita" },
    }
    for nth, path in ipairs(paths) do
      local call <const> = wire:call { nth = nth }
      call:path(path):answered():audio():both_ways()
      call:audio():flows("edge", "mediation"):both_ways()
    end
  end,
}
