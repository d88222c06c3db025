--- Voices: waiting in scenario time, beside one another, and being cut off.

local core <const> = require "ds.core"
local scheduler <const> = require "ds.scheduler"
local support <const> = require "support"
local test <const>, same <const>, says <const> = support.test, support.same, support.says

local function never() return false end

test("a condition that holds is not waited for", function()
  local turns = 0
  support.run(function() same(scheduler.wait(function() return true end, 1000), true) end,
    function() turns = turns + 1 end)
  same(turns, 1)
end)

test("a wait ends when the condition holds", function()
  local result
  support.run(function() result = scheduler.wait(function() return core.time >= 500 end, 1000) end)
  same(result, true)
end)

test("a wait whose time runs out says so, then and not before", function()
  local result
  support.run(function() result = scheduler.wait(never, 1000) end)
  same({ result, core.time }, { false, 1000 })
end)

test("a part of a microsecond is waited out whole", function()
  support.run(function() scheduler.wait(never, 0.25 * 1001) end)
  same({ core.time, math.type(core.time) }, { 251, "integer" })
end)

test("waiting for ever asks for a time that can be counted to", function()
  scheduler.spawn(function() scheduler.wait(never, math.huge) end)
  same(math.type(scheduler.step()), "integer")
  scheduler.close()
end)

test("the earliest of two voices is next", function()
  scheduler.spawn(function() scheduler.wait(never, 9000) end)
  scheduler.spawn(function() scheduler.wait(never, 4000) end)
  same(scheduler.step() - core.time, 4000)
  scheduler.close()
end)

test("voices take their turns in the order they began", function()
  local order <const> = {}
  support.run(function()
    for index = 1, 3 do
      scheduler.spawn(function() order[index] = #order + 1 end)
    end
  end)
  same(order, { 1, 2, 3 })
end)

test("a second voice starts in the turn that spawns it", function()
  local began
  support.run(function()
    scheduler.spawn(function() began = core.time end)
    scheduler.wait(never, 5000)
  end)
  same(began, 0)
end)

test("a run lasts until its last voice has ended", function()
  support.run(function()
    scheduler.spawn(function() scheduler.wait(never, 7000) end)
  end)
  same(core.time, 7000)
end)

test("a run does not last for a voice that waits idly", function()
  local woken = 0
  support.run(function()
    scheduler.spawn(function()
      scheduler.wait_idly(function() return core.time >= 3000 end)
      woken = core.time
      scheduler.wait_idly(never)
    end)
    scheduler.wait(never, 7000)
  end)
  same({ woken, core.time }, { 7000, 7000 }) -- it looks again when somebody else wakes
end)

test("a run lasts for a voice that was idle and is not", function()
  support.run(function()
    scheduler.spawn(function()
      scheduler.wait_idly(function() return true end)
      scheduler.wait(never, 7000)
    end)
  end)
  same(core.time, 7000)
end)

test("an error of a voice is the run's, and leaves its trace", function()
  local fine <const>, trouble = support.run(function() error("it broke") end)
  same(fine, false)
  says(trouble, "test_scheduler.lua")
  says(core.trace_of_failure, "it broke")
end)

test("an error that is a value stays that value", function()
  local value <const> = { skip = "no SIPp here" }
  local fine <const>, trouble = support.run(function() error(value, 0) end)
  same({ fine, trouble }, { false, value })
end)

test("a voice that fails closes what it holds", function()
  local closed = false
  support.run(function()
    local _ <close> = setmetatable({}, { __close = function() closed = true end })
    error("it broke")
  end)
  same(closed, true)
end)

test("a voice that is cut off closes what it holds", function()
  local closed = false
  scheduler.spawn(function()
    local _ <close> = setmetatable({}, { __close = function() closed = true end })
    scheduler.wait(never, 1000)
  end)
  scheduler.step()
  scheduler.close()
  same(closed, true)
end)

test("nothing is left after closing", function()
  scheduler.close()
  same(scheduler.step(), nil)
end)
