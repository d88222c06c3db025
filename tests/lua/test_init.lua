--- What a scenario may say of itself, and what `ds` says when it may not.

local core <const> = require "ds.core"
local ds <const> = require "ds"
local support <const> = require "support"
local test <const>, same <const>, says <const> = support.test, support.same, support.says
local refused <const> = support.refused

local function run() end

--- A scenario with one field more, or one that is replaced.
local function with(key, value)
  local spec <const> = { topology = "voip_only", run = run }
  spec[key] = value
  return function() return ds.scenario(spec) end
end

-- ---- the scenario ----

test("a scenario is what it was declared as", function()
  local spec <const> = { topology = "voip_only", run = run }
  same(ds.scenario(spec), spec)
end)

test("every field may be given", function()
  ds.scenario {
    topology = { "voip_only" }, variants = {}, calls = ds.every_call, proves = { "CALL-01" },
    defects = {}, answered = true, stops_short = false, limit = 3 * ds.s, run = run, expect = run,
  }
end)

test("an unknown field is refused, and the known ones named", function()
  refused("a scenario has no field 'topolgy'; it has: answered,", with("topolgy", "voip_only"))
  refused("no field '1'", with(1, "voip_only"))
end)

test("a refusal names the line of the scenario", function()
  says(refused("no field", function() ds.scenario { topolgy = "voip_only" } end), "test_init.lua:")
end)

test("a field of the wrong type is refused", function()
  refused("'limit' is a string and must be a number", with("limit", "3 s"))
  refused("'topology' is a number and must be a string or list", with("topology", 3))
  refused("'calls' is a string and must be a list", with("calls", "ev_to_ev"))
  refused("'answered' is a number and must be a boolean", with("answered", 1))
  refused("'run' is a table and must be a function", with("run", {}))
end)

test("a scenario without topology or without run is none", function()
  refused("a scenario names its topology", function() ds.scenario { run = run } end)
  refused("something to do", function() ds.scenario { topology = "voip_only" } end)
end)

test("a scenario is a table", function()
  refused("ds.scenario takes a table", function() ds.scenario("voip_only") end)
end)

-- ---- time ----

test("units are microseconds", function()
  same({ 3 * ds.us, 3 * ds.ms, 3 * ds.s }, { 3, 3000, 3000000 })
end)

test("durations are written as people do", function()
  same({ ds.duration(300 * ds.ms), ds.duration(1500 * ds.ms), ds.duration(2 * ds.s) },
    { "300 ms", "1.5 s", "2 s" })
  same({ ds.duration(0), ds.duration(250) }, { "0 ms", "0.25 ms" })
end)

test("sleeping lets time pass", function()
  support.run(function() ds.sleep(800 * ds.ms) end)
  same(core.time, 800000)
end)

test("nobody sleeps a word, or backwards", function()
  refused("ds.sleep takes a time", function() ds.sleep("1s") end)
  refused("ds.sleep takes a time", function() ds.sleep(-1) end)
end)

test("waiting in vain says for what, and for how long", function()
  local fine <const>, trouble = support.run(function()
    ds.wait(function() return false end, 2 * ds.s, "the digits")
  end)
  same(fine, false)
  says(trouble, "waited 2 s for the digits")
end)

test("skipping carries the reason", function()
  local fine <const>, trouble = support.run(function() ds.skip("no fax here") end)
  same({ fine, trouble.skip, tostring(trouble) }, { false, "no fax here", "no fax here" })
end)

-- ---- programs ----

test("a program that is not installed skips the run", function()
  local _ <const>, trouble = support.run(function() ds.program { "absent" } end)
  says(trouble.skip, "this run needs absent")
end)

test("a program is waited for, and gives its status", function()
  local before, status
  support.run(function()
    local program <const> = ds.program { "sipp" }
    before, status = program:exited() == nil, program:wait(ds.s)
  end)
  same({ before, status, core.time }, { true, 3, 30000 })
end)

test("a program that does not end in time fails the scenario, and no later", function()
  local fine <const>, trouble = support.run(function() ds.program({ "sipp" }):wait(15 * ds.ms) end)
  same({ fine, core.time }, { false, 15000 })
  says(trouble, "test_init.lua")
  says(trouble, "sipp did not end in 15 ms")
end)

test("a program that leaves its scope is stopped", function()
  local program
  support.run(function()
    local held <close> = ds.program { "sipp" }
    program = held
  end)
  same(program.core.stopped, true)
end)
