--- Scenarios without an end in the simulated world, where no time passes by itself: each is ended
--- in seconds, after more turns than any scenario needs. Entries are those of scenarios.lua.
---
--- Usage: lua5.4 endless.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const>, _ <const>, _ <const>, examine <const> =
  dofile(source .. "/tests/wrong/refusal.lua")(program, source)

examine {
  {
    name = "sim_waits", status = 1, world = "sim",
    says = "sim_waits%.lua:5  the scenario did not end within 30 s: set `limit`, or end what waits",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    ds.sleep(60 * ds.s)
  end,
}
]],
  },
  {
    name = "sim_sleeps_not", status = 1, world = "sim",
    says = "sim_sleeps_not%.lua:6  this runs without ever waiting",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    while true do
      ds.sleep(0)
    end
  end,
}
]],
  },
  {
    name = "sim_hardly_sleeps", status = 1, world = "sim",
    says = "sim_hardly_sleeps%.lua:6  time hardly moves at %d+%.%d+ s, after %d+ turns of the network",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    while true do
      ds.sleep(ds.us)
    end
  end,
}
]],
  },
  {
    name = "sim_voices_at_once", status = 1, world = "sim",
    says = "sim_voices_at_once%.lua:%d  this runs without ever waiting",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    local function voice() ds.spawn(voice) ds.sleep(0) end
    voice()
    ds.sleep(ds.s)
  end,
}
]],
  },
  {
    name = "sim_more_and_more_voices", status = 1, world = "sim",
    says = "sim_more_and_more_voices%.lua:%d  .*this computes without end",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    while true do
      ds.spawn(function() ds.sleep(60 * ds.s) end)
      ds.sleep(ds.us)
    end
  end,
}
]],
  },
  {
    name = "sim_two_voices", status = 1, world = "sim",
    says = "sim_two_voices%.lua:%d+  .*this runs without ever waiting",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    local turn
    local function ping() turn = "pong" ds.spawn(function() turn = "ping" ds.spawn(ping) end) end
    ping()
    ds.wait(function() return turn == "over" end, ds.s)
  end,
}
]],
  },
  {
    name = "sim_call_one_another", status = 1, world = "sim",
    says = "sim_call_one_another%.lua:%d  ",
    text = [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    net.alice:on("invite", function() net.alice:dial(net.bob) end)
    net.bob:on("invite", function() net.bob:dial(net.alice) end)
    net.alice:dial(net.bob)
    ds.sleep(20 * ds.s)
  end,
}
]],
  },
}
process.finish()
