--- The voices of a scenario: coroutines that wait for conditions. directsip calls `step` after each
--- turn of its loop.

local core <const> = require "ds.core"

local scheduler <const> = {}

local voices <const> = {}

--- Those that only wait for what may never come: a run does not go on for them.
local idle <const> = setmetatable({}, { __mode = "k" })

--- What is waited for without end still has a deadline that the loop can count to: ten years.
local forever_us <const> = 10 * 366 * 86400 * 1000000

---@return boolean
function scheduler.is_time(value)
  return math.type(value) ~= nil and value >= 0
end

--- Waits in scenario time. True as soon as the condition holds, false when time has run out.
---@param condition fun(): any
---@param within_us integer
---@return boolean
function scheduler.wait(condition, within_us)
  local deadline <const> = core.now() + math.min(math.ceil(within_us), forever_us)
  while not condition() do
    if core.now() >= deadline then
      return false
    end
    coroutine.yield(deadline)
  end
  return true
end

--- Waits for as long as anybody else has something to do.
---@param condition fun(): any
function scheduler.wait_idly(condition)
  local voice <const> = coroutine.running()
  idle[voice] = true
  scheduler.wait(condition, math.huge)
  idle[voice] = nil
end

local latest

---@param voice fun()
function scheduler.spawn(voice)
  latest = voice
  voices[#voices + 1] = coroutine.create(voice)
end

--- The line of this file where the first voice waits; where none does, where the latest begins.
---@param source string "@path", as Lua has it
---@return integer?
function scheduler.line(source)
  for _, thread in ipairs(voices) do
    for level = 0, 30 do
      local info <const> = debug.getinfo(thread, level, "Sl")
      if not info then
        break
      elseif info.source == source then
        return info.currentline
      end
    end
  end
  local info <const> = latest and debug.getinfo(latest, "S")
  return info and info.source == source and info.linedefined or nil
end

--- An error of a voice, with the files it passed: the scenario's own line is among them.
local function fail(thread, trouble)
  if type(trouble) == "string" then
    core.traceback(debug.traceback(thread, trouble))
  end
  coroutine.close(thread)
  error(trouble, 0)
end

--- Lets every voice go on, one that is spawned meanwhile too. Returns when the next one wants to
--- (in run time), or nil when all have ended, but for idle ones.
---@return integer?
function scheduler.step()
  local next_wake
  local busy = false
  local index = 1
  while voices[index] do
    local thread <const> = voices[index]
    local fine <const>, result = coroutine.resume(thread)
    if not fine then
      fail(thread, result)
    elseif coroutine.status(thread) == "dead" then
      table.remove(voices, index)
    else
      next_wake = math.min(next_wake or result, result)
      busy = busy or not idle[thread]
      index = index + 1
    end
  end
  return busy and next_wake or nil
end

--- Ends what still waits: pending <close> variables hang up their calls.
function scheduler.close()
  for index = #voices, 1, -1 do
    coroutine.close(voices[index])
    voices[index] = nil
  end
end

return scheduler
