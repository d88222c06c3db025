--- Scenario files with something wrong, and what directsip has to say of each: `status` is its exit
--- status, `says` a pattern that one line of what it prints must match, with the file and the line
--- where Lua knows one.

return {
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
    name = "endless_wait", status = 1, says = "endless_wait%.lua  .*did not end within 0%.2 s",
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
}
