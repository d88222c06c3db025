--- A team of two is made, one of them is replaced, and the team is dissolved: after each step every
--- one of the people concerned reaches the others, and the PSTN reaches each.
local ds <const> = require "ds"
local ms <const> = ds.ms

--- In a ring, so that each calls and is called.
local function all_are_reached(net)
  local people <const> = { net.carol:device(), net.dave:device(), net.erin:device() }

  for i, caller in ipairs(people) do
    caller:call(people[i % #people + 1], 120 * ms)
    net.pstn:call(caller, 120 * ms)
  end
end

return ds.scenario {
  topology = "migration",
  variants = { "bypass_on" },
  proves   = { "OPT-01", "OPT-02", "OPT-03", "CALL-02", "CALL-08", "MIG-01", "MIG-02" },

  run = function(net)
    net:migrate { net.carol, net.dave }
    all_are_reached(net)
    net:migrate_back { net.dave }
    net:migrate { net.erin }
    all_are_reached(net)
    net:migrate_back { net.carol, net.erin }
    all_are_reached(net)
  end,

  expect = function(wire)
    for nth = 1, 18 do
      wire:call { nth = nth }:answered():audio():both_ways()
    end
  end,
}
