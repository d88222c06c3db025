--- Scenarios without an end in the simulated world, where no time passes by itself: each is ended
--- in seconds, after more turns than any scenario needs. Entries are those of scenarios.lua.
---
--- Usage: lua5.4 endless.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const>, _ <const>, _ <const>, examine <const> =
  dofile(source .. "/tests/wrong/refusal.lua")(program, source)

--- A scenario that runs this; its first line is the fifth.
local function runs(body)
  return ([[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
%s  end,
}
]]):format(body)
end

examine {
  {
    name = "sim_waits", status = 1, world = "sim",
    says = "sim_waits%.lua:5  the scenario did not end within 30 s: set `limit`, or end what waits",
    text = runs [[
    ds.sleep(60 * ds.s)
]],
  },
  {
    name = "sim_sleeps_not", status = 1, world = "sim",
    says = "sim_sleeps_not%.lua:6  this runs without ever waiting",
    text = runs [[
    while true do
      ds.sleep(0)
    end
]],
  },
  {
    name = "sim_hardly_sleeps", status = 1, world = "sim",
    says = "sim_hardly_sleeps%.lua:6  time hardly moves at %d+%.%d+ s, after %d+ turns of the network",
    text = runs [[
    while true do
      ds.sleep(ds.us)
    end
]],
  },
  {
    name = "sim_voices_at_once", status = 1, world = "sim",
    says = "sim_voices_at_once%.lua:%d  this runs without ever waiting",
    text = runs [[
    local function voice() ds.spawn(voice) ds.sleep(0) end
    voice()
    ds.sleep(ds.s)
]],
  },
  {
    name = "sim_more_and_more_voices", status = 1, world = "sim",
    says = "sim_more_and_more_voices%.lua:%d  .*this computes without end",
    text = runs [[
    while true do
      ds.spawn(function() ds.sleep(60 * ds.s) end)
      ds.sleep(ds.us)
    end
]],
  },
  {
    name = "sim_two_voices", status = 1, world = "sim",
    says = "sim_two_voices%.lua:%d+  .*this runs without ever waiting",
    text = runs [[
    local turn
    local function ping() turn = "pong" ds.spawn(function() turn = "ping" ds.spawn(ping) end) end
    ping()
    ds.wait(function() return turn == "over" end, ds.s)
]],
  },
  {
    name = "sim_call_one_another", status = 1, world = "sim",
    says = "sim_call_one_another%.lua:%d  ",
    text = runs [[
    net.alice:on("invite", function() net.alice:dial(net.bob) end)
    net.bob:on("invite", function() net.bob:dial(net.alice) end)
    net.alice:dial(net.bob)
    ds.sleep(20 * ds.s)
]],
  },
}
process.finish()
