--- What `directsip explore` says and leaves behind: a failing seed as a scenario file that fails again and no longer
--- once the misbehaviour is gone, and an order of arrival likewise.
---
--- Usage: lua5.4 verb.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()

local function expect(what, wanted, says, ...)
  local status <const>, output <const> = process.run(process.words(program, ...))
  process.check(status == wanted, ("%s: the exit status is %d, where %d is wanted: %s"):format(what,
    status, wanted, output))
  for _, pattern in ipairs(says) do
    process.check(output:find(pattern) ~= nil, ("%s: it does not say '%s': %s"):format(what,
      pattern, output))
  end
  return output
end

local function explore(what, wanted, says, ...)
  return expect(what, wanted, says, "explore", "--root", source, "-o", folder .. "/out", ...)
end

local function run(what, wanted, says, ...)
  return expect(what, wanted, says, "run", "--root", source, "-o", folder .. "/run", "-q", ...)
end

--- The scenario file that the output says to run again.
local function kept_file(output)
  return output:match "rerun  directsip run '([^']+)'" or "nothing"
end

local function test_nothing_found()
  local call <const> = "calls/busy@voip_only:bypass_on/ev_to_pstn"
  explore("seeds", 0, { "30 seeds over 1 run: 0 failed in 0 ways; " }, call, "--seeds", "30")
  explore("orders", 0, { "PASS +calls/busy@.- %d+ orders, all there are, in %d+ runs",
    "%d+ orders of arrival in %d+ runs: 0 failed" }, call, "--orders")
  local _, left <const> = process.run("find " .. process.quote(folder .. "/out") .. " -type f")
  process.check(left == "", "something is left behind: " .. left)
end

--- Nobody cancels in this call unless something goes wrong.
local function test_seed_found()
  local defect <const> = "pool:cancels_another_branch"
  local output <const> = explore("a misbehaviour", 1,
    { "fail  WIRE%-05 ", "faults %l", "found  by seed %d+, and %d+ more like it",
      "40 seeds over 1 run: %d+ failed in 1 way; " },
    "calls/callee_clears@voip_only:bypass_on/pstn_to_ev", "--seeds", "40", "--defect", defect)
  process.check(output:find "\n +faults [^\n]+\n +found" ~= nil,
    "more than one fault is left: " .. output)
  local file <const> = kept_file(output)
  run("the kept scenario, broken", 1, { "fail  WIRE%-05 ", "1 run: 0 passed, 1 failed" }, file,
    "--defect", defect)
  run("the kept scenario, mended", 0, { "1 run: 1 passed" }, file)
end

local function test_order_found()
  local defect <const> = "client:keeps_crossed_answer"
  local output <const> = explore("a misbehaviour", 1,
    { "FAIL +races/cancel_against_answer@", "fail  CALL%-07 ", "%d+ failed in 1 way; " },
    "races/cancel_against_answer@voip_only:bypass_on/ev_to_ev", "--orders", "--defect", defect)
  local file <const> = kept_file(output)
  process.check((process.read(file) or ""):find 'scenario.arrivals = "[%d ]*"',
    "it keeps no order of arrival")
  run("the kept order, broken", 1, { "fail  CALL%-07 " }, file, "--defect", defect)
  run("the kept order, mended", 0, { "1 run: 1 passed" }, file)
end

local function test_cut_walk()
  explore("a walk that is cut", 0, { "3 orders, cut there: there may be more, in 3 runs" },
    "races/both_hang_up@voip_only/ev_to_pstn", "--orders", "--seeds", "3")
end

--- An element has its power back when the world has closed its nodes already.
local function test_late_power()
  local path <const> = process.write(folder .. "/late_power.lua", [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only", faults = { "kill pool for 900ms" }, run = function() ds.sleep(880 * ds.ms) end,
}
]])
  run("power that is back late", 0, { "1 run: 1 passed" }, path)
end

local function test_wrong_use()
  explore("no scenario", 2, { "say which scenario" })
  explore("an unknown one", 2, { "no run is chosen by this" }, "nonesuch")
  explore("no seeds", 2, { "%-%-seeds is one at least" }, "calls/busy", "--seeds", "0")
  explore("a seed that is no number", 2, { "%-%-seed is a number up to" }, "calls/busy", "--seed", "-1")
  explore("an unknown misbehaviour", 2, { "there is no defect 'nonesuch'" }, "calls/busy",
    "--defect", "nonesuch")
  local path <const> = process.write(folder .. "/arrivals.lua", [[
return require "ds".scenario { topology = "voip_only", arrivals = "0 x", run = function() end }
]])
  run("an order that is none", 2, { "arrivals%.lua: 'arrivals' is numbers" }, path)
end

test_nothing_found()
test_seed_found()
test_order_found()
test_cut_walk()
test_late_power()
test_wrong_use()
process.finish()
