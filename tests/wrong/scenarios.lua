--- Scenario files with something wrong, and what directsip has to say of each: `status` is its exit
--- status, `says` a pattern that one line of what it prints must match, with the file and the line
--- where Lua knows one. `world` is what --world says; loopback where nothing stands. What has no
--- end is ended in seconds.
---
--- Usage: lua5.4 scenarios.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const>, _ <const>, _ <const>, examine <const> =
  dofile(source .. "/tests/wrong/refusal.lua")(program, source)

examine {
  {
    name = "syntax", status = 2, says = "^directsip: %S*syntax%.lua:4: .*expected",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only"
  run = function() end,
}
]],
  },
  {
    name = "returns_number", status = 2, says = "returns_number%.lua: .* returns something else$",
    text = "return 42\n",
  },
  {
    name = "unknown_field", status = 2, says = "unknown_field%.lua: .*no field 'colour'; it has",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", colour = "red", run = function() end }
]],
  },
  {
    name = "wrong_kind", status = 2, says = "wrong_kind%.lua: .*'limit' is a string",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", limit = "long", run = function() end }
]],
  },
  {
    name = "unknown_topology", status = 2, says = "unknown_topology%.lua: .*no topology 'atlantis'",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "atlantis", run = function() end }
]],
  },
  {
    name = "unknown_call", status = 2, says = "unknown_call%.lua: there is no call 'ev_to_moon'",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", calls = { "ev_to_moon" }, run = function() end }
]],
  },
  {
    name = "unknown_proof", status = 2, says = "unknown_proof%.lua: .*'CALL%-99', which is no requ",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", proves = { "CALL-99" }, run = function() end }
]],
  },
  {
    name = "endless_file", status = 2, says = "endless_file%.lua:1: this has no end",
    text = "while true do end\n",
  },
  {
    name = "unknown_node", status = 1, says = "unknown_node%.lua:5  there is no node 'carol'",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    net.carol:dial(net.bob)
  end,
}
]],
  },
  {
    name = "wrong_word", status = 1, says = "wrong_word%.lua:5  dial takes a number",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    net.alice:dial(nil)
  end,
}
]],
  },
  {
    name = "run_fails", status = 1, says = "run_fails%.lua:6  attempt to index a nil value",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    local nothing
    nothing.at = 1
  end,
}
]],
  },
  {
    name = "expect_fails", status = 1, says = "expect_fails%.lua:7  attempt to index a nil value",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function() end,
  expect = function()
    local nothing
    nothing.at = 1
  end,
}
]],
  },
  {
    name = "endless_run", status = 1, says = "endless_run%.lua:5  this runs without ever waiting",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    while true do end
  end,
}
]],
  },
  {
    name = "endless_expect", status = 1, says = "endless_expect%.lua:6  this has no end",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function() end,
  expect = function()
    while true do end
  end,
}
]],
  },
  {
    name = "endless_wait", status = 1, says = "endless_wait%.lua:6  .*did not end within 0%.2 s",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  limit = 200 * ds.ms,
  run = function()
    ds.wait(function() return false end, 60 * ds.s, "rain")
  end,
}
]],
  },
  {
    name = "greedy", status = 1, says = "greedy%.lua:6  .*not enough memory",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    local text = "more"
    while true do text = text .. text end
  end,
}
]],
  },
  {
    name = "faults_on_sockets", status = 2,
    says = "faults_on_sockets%.lua: the fault 'lose 5%%' would take TCP segments too",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only", world = "loopback", faults = { "lose 5%" }, run = function() end,
}
]],
  },
  {
    name = "weather_on_sockets", status = 2,
    says = "weather_on_sockets%.lua: 'in_any_weather' and 'arrivals' need the simulated world, and "
      .. "'world' is \"loopback\"",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only", world = "loopback", in_any_weather = true, run = function() end,
}
]],
  },
  {
    name = "faults_elsewhere", status = 2,
    says = "faults_elsewhere%.lua runs in the simulated world only: add %-%-world sim",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", faults = { "lose 5%" }, run = function() end }
]],
  },
  {
    name = "fault_on_sockets", status = 1,
    says = "fault_on_sockets%.lua:5  the fault 'lose 5%%' would take TCP segments too",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    net:fault "lose 5%"
  end,
}
]],
  },
  {
    name = "fault_unknown", status = 1, world = "sim",
    says = "fault_unknown%.lua:5  the fault 'cut moon': there is no element 'moon'; there are: ",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    net:fault "cut moon"
  end,
}
]],
  },
  {
    name = "fault_with_zero", status = 1, world = "sim",
    says = "fault_with_zero%.lua:5  .*a fault is one line of text, and this has a zero byte in it",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    net:fault "lose 5%\0 of udp"
  end,
}
]],
  },
  {
    name = "faults_without_end", status = 1, world = "sim",
    says = "faults_without_end%.lua:6  there are 1000 faults already: stop those that are over",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    while true do
      net:fault "freeze gateway for 1ms"
      ds.sleep(ds.ms)
    end
  end,
}
]],
  },
  {
    name = "faults_unknown", status = 2, world = "sim",
    says = "faults_unknown%.lua: the fault 'freeze moon': there is no element 'moon'",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", faults = { "freeze moon" }, run = function() end }
]],
  },
  {
    name = "faults_too_many", status = 2, world = "sim",
    says = "faults_too_many%.lua: 32 faults at once are enough",
    text = [[
local ds <const> = require "ds"
local faults <const> = {}
for index = 1, 33 do faults[index] = "lose #" .. index end
return ds.scenario { topology = "voip_only", faults = faults, run = function() end }
]],
  },
  {
    name = "faults_of_numbers", status = 2, world = "sim",
    says = "faults_of_numbers%.lua: 'faults' is a list of names, and its entry 1 is a number",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", faults = { 5 }, run = function() end }
]],
  },
  {
    name = "seed_below", status = 2, says = "seed_below%.lua: 'seed' is a whole number from 0",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", seed = -1, run = function() end }
]],
  },
  {
    name = "seed_broken", status = 2, says = "seed_broken%.lua: 'seed' is a whole number from 0",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", seed = 1.5, run = function() end }
]],
  },
  {
    name = "seed_above", status = 2, says = "seed_above%.lua: 'seed' is a whole number from 0 to ",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", seed = math.maxinteger, run = function() end }
]],
  },
  {
    name = "limit_endless", status = 2,
    says = "limit_endless%.lua: 'limit' is a time above 0 and of at most a year",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", limit = math.huge, run = function() end }
]],
  },
  {
    name = "limit_of_nothing", status = 2,
    says = "limit_of_nothing%.lua: 'limit' is a time above 0 and of at most a year",
    text = [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", limit = 0 / 0, run = function() end }
]],
  },
}
process.finish()
