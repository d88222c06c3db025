--- A pilot, a team and a whole site move to Enterprise Voice, and a team moves back.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(caller, callee)
  local calling <close> = caller:dial(callee)
  local called <close> = callee:await_call()

  called:ring()
  called:answer()
  calling:wait("answered"):talk(120 * ms)
  calling:hang_up()
  called:wait("ended")
end

--- Everybody calls everybody, wherever they are now, and the PSTN and back.
local function all_reach_one_another(net)
  local people <const> = { net.alice, net.carol, net.dave, net.erin, net.frank }

  for i, caller in ipairs(people) do
    for k, callee in ipairs(people) do
      if i ~= k then
        talk(caller:device(), callee:device())
      end
    end
    talk(caller:device(), net.pstn)
    talk(net.pstn, caller:device())
  end
end

return ds.scenario {
  topology = "migration",
  variants = { "bypass_on", "bypass_off" },
  limit    = 120 * ds.s,
  proves   = {
    "OPT-01", "OPT-02", "OPT-03", "TOPO-01", "TOPO-02", "TOPO-03", "TOPO-04", "CALL-02",
    "CALL-08", "MIG-01", "MIG-02",
  },

  run = function(net)
    all_reach_one_another(net)
    net:migrate { net.carol }
    all_reach_one_another(net)
    net:migrate { team = "sales" }
    all_reach_one_another(net)
    net:migrate { site = "branch" }
    all_reach_one_another(net)
    net:migrate_back { team = "sales" }
    all_reach_one_another(net)
  end,
}
