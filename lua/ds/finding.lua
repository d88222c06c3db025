--- What is found when a capture is judged: each with the line of the scenario that asked.

local core <const> = require "ds.core"

local finding <const> = {}

local scenario_path

--- "scenarios/calls/busy.lua:28": the line of the scenario that is being judged.
local function where()
  for level = 2, 30 do
    local info <const> = debug.getinfo(level, "Sl")
    if not info then
      break
    end
    if info.source == "@" .. scenario_path then
      return ("%s:%d"):format(scenario_path, info.currentline)
    end
  end
  return scenario_path
end

--- The scenario whose lines are meant from now on.
function finding.judges(path)
  scenario_path = path
end

function finding.found(verdict, frames, fmt, ...)
  core.finding(verdict, fmt:format(...), where(), frames or {})
end

--- A finding of pass or fail.
function finding.judge(holds, frames, fmt, ...)
  finding.found(holds and "pass" or "fail", frames, fmt, ...)
end

--- Is a place of a call this element, by its name or its role?
function finding.is_at(call, place, name)
  return place == name or call.roles[place] == name
end

return finding
