--- What suites are written with: tests, and the few ways in which they assert.

local core <const> = require "ds.core"

local support <const> = { tests = {} }

--- A test, named by the sentence that it shows to be true.
function support.test(sentence, body)
  support.tests[#support.tests + 1] = { sentence = sentence, body = body }
end

--- Plain values, or lists of them.
function support.same(got, wanted)
  if type(got) == "table" and type(wanted) == "table" then
    support.same(#got, #wanted)
    for index, value in ipairs(wanted) do
      support.same(got[index], value)
    end
  elseif got ~= wanted then
    error(("got %s, wanted %s"):format(tostring(got), tostring(wanted)), 2)
  end
end

function support.says(text, part)
  if type(text) ~= "string" or not text:find(part, 1, true) then
    error(("'%s' does not say '%s'"):format(tostring(text), part), 2)
  end
end

--- The body fails, and its sentence holds this part.
function support.refused(part, body)
  local fine <const>, trouble = pcall(body)
  if fine then
    error("nothing was refused", 2)
  end
  support.says(tostring(trouble), part)
  return trouble
end

function support.read(path)
  local file <const> = assert(io.open(path))
  local text <const> = file:read("a")
  file:close()
  return text
end

--- Runs a voice as directsip does, on a clock that jumps to the next wake, until all have ended.
--- `at_time` is called before each turn, with the time.
function support.run(voice, at_time)
  local scheduler <const> = require "ds.scheduler"
  core.time = 0
  scheduler.spawn(voice)
  local fine, result
  repeat
    if at_time then
      at_time(core.time)
    end
    fine, result = pcall(scheduler.step)
    core.time = fine and result or core.time
  until not (fine and result)
  scheduler.close()
  return fine, result
end

return support
