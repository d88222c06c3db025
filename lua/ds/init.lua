--- What a scenario requires as `ds`: units, the scenario itself, and waiting.
---
--- A scenario file is loaded twice: once to act, in a state that has a network and no capture, and
--- once to judge, in a state that has a capture and no network. `core` is what directsip binds in
--- either.

local core <const> = require "ds.core"
local scheduler <const> = require "ds.scheduler"

local ds <const> = {}

--- Units of time, in microseconds: write `300 * ds.ms`.
ds.us, ds.ms, ds.s = 1, 1000, 1000000

--- Rows of a page of fax where nothing else is said: 7 mm of it.
ds.page_rows = 60

--- The deployment options of the planning guide, each a file in topologies/.
ds.every_option = {
  "behind_pbx", "in_front_of_pbx", "direct_sip_partner", "voip_only", "sip_trunk",
}

--- Every pair of parties that talk; fax machines do not, and voice mail is no person. A scenario with
--- `calls` runs once for each that exists in the option and the topology.
ds.every_call = {
  "ev_to_ev", "ev_to_pstn", "pstn_to_ev", "ev_to_pbx", "pbx_to_ev", "pbx_to_pstn", "pstn_to_pbx",
  "pbx_to_pbx", "ev_to_analogue", "analogue_to_ev", "analogue_to_pstn", "pstn_to_analogue",
}

--- Bypass on, off, and on while client and gateway share no bypass ID.
ds.every_bypass = { "bypass_on", "bypass_off", "other_site" }

local fields <const> = {
  topology = "string or list", variants = "list", calls = "list", proves = "list",
  defects = "list", faults = "list", seed = "number", world = "string", answered = "boolean",
  arrivals = "string", in_any_weather = "boolean", race = "boolean", stops_short = "boolean",
  limit = "number", run = "function", expect = "function",
}

local function check_field(key, value)
  local wanted <const> = fields[key]
  if not wanted then
    error(("a scenario has no field '%s'; it has: answered, arrivals, calls, defects, "
      .. "expect, faults, in_any_weather, limit, proves, race, run, seed, stops_short, "
      .. "topology, variants, world"):format(key), 3)
  end
  local kind <const> = math.type(value) and "number" or type(value)
  local listed <const> = kind == "table" and wanted:find("list", 1, true)
  if not listed and not wanted:find(kind, 1, true) then
    error(("the scenario's '%s' is a %s and must be a %s"):format(key, kind, wanted), 3)
  end
end

--- Declares a scenario. The file returns what this returns.
---@param spec ds.Scenario
---@return ds.Scenario
function ds.scenario(spec)
  if type(spec) ~= "table" then
    error("ds.scenario takes a table: ds.scenario { topology = …, run = … }", 2)
  end
  for key, value in pairs(spec) do
    check_field(key, value)
  end
  if not spec.topology then
    error("a scenario names its topology: topology = \"behind_pbx\", or ds.every_option", 2)
  end
  if not spec.run then
    error("a scenario has something to do: run = function(net) … end", 2)
  end
  return spec
end

--- Lets scenario time pass.
---@param duration_us integer
function ds.sleep(duration_us)
  if not scheduler.is_time(duration_us) then
    error("ds.sleep takes a time: ds.sleep(800 * ds.ms)", 2)
  end
  scheduler.wait(function() return false end, duration_us)
end

--- Waits until `condition` holds. Fails the scenario at this line when time runs out.
---@param condition fun(): any
---@param within_us integer
---@param what string? what was waited for, for the failure's sentence
function ds.wait(condition, within_us, what)
  if not scheduler.wait(condition, within_us) then
    error(("waited %s for %s"):format(ds.duration(within_us), what or "a condition"), 2)
  end
end

--- A second voice: runs beside the scenario until it ends by itself.
---@param voice fun()
function ds.spawn(voice)
  scheduler.spawn(voice)
end

--- Leaves the run as skipped, with the reason.
---@param reason string
function ds.skip(reason)
  error(setmetatable({ skip = reason }, { __tostring = function() return reason end }), 0)
end

--- Starts a program inside the run's own network; ended with the scenario at the latest. Skips the
--- run where it is not installed.
---@param argv string[] the program and its arguments
---@return ds.Program
function ds.program(argv)
  if not core.program then
    error("programs are started in run, not in expect", 2)
  end
  -- Required here because it is written with ds itself.
  local program <const>, missing = require("ds.program").start(argv)
  if not program then
    ds.skip(missing)
  end
  return program
end

--- "1.5 s", "300 ms": a duration as people write it.
---@param duration_us integer
---@return string
function ds.duration(duration_us)
  if duration_us >= ds.s then
    return ("%g s"):format(duration_us / ds.s)
  end
  return ("%g ms"):format(duration_us / ds.ms)
end

return ds
