--- Parts of a suite joined into one report: the same bytes in whatever order and wherever they were
--- run, and nothing that went wrong in a part is lost.
---
--- Usage: lua5.4 merge.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local suite <const>, process <const> = dofile(source .. "/tests/ci/suite.lua")(program, source)
local json <const> = dofile(source .. "/tests/support/json.lua")
local REPORTS <const> = { "junit.xml", "results.tap", "results.json", "summary.md",
  "code-quality.json", "index.html" }

local function run(folder, ...)
  return suite.directsip("", "run", "-q", "-w", "sim", "-o", folder, ...)
end

local function merge(into, ...)
  return suite.directsip("", "report", "merge", "-o", into, ...)
end

local function says(output, sentence)
  process.check(output:find(sentence, 1, true), ("'%s' is not said:\n%s"):format(sentence, output))
end

--- Reports name captures from their own folder, but for JUnit's, which CI systems look for from where
--- directsip was run.
local function read_report(folder, name)
  return (suite.read(folder .. "/" .. name) or ""):gsub("([ |])" .. folder .. "/", "%1")
end

local function same_reports(one, other)
  for _, name in ipairs(REPORTS) do
    local left <const>, right = read_report(one, name), read_report(other, name)
    process.check(#left > 2 and left == right, ("%s of %s and %s differ"):format(name, one, other))
  end
end

local function same_file(one, other)
  local left <const> = suite.read(one)
  process.check(left and left == suite.read(other), ("%s is not %s"):format(one, other))
end

local function test_shards()
  run("a", "calls/busy", "red.lua", "--shard", "1/2")
  run("b", "calls/busy", "red.lua", "--shard", "2/2")
  run("whole", "calls/busy", "red.lua")
  local status <const>, output <const> = merge("ab", "a", "b")
  process.check(status == 1, ("a failure ends with %d:\n%s"):format(status, output))
  says(output, "rerun  directsip run 'red.lua@voip_only'")
  says(output, " 1 failed, ")
  merge("ba", "b/", "a/")
  merge("w", "whole")
  same_reports("ab", "ba")
  same_reports("ab", "w")
  local page <const> = suite.read "ab/index.html" or ""
  process.check(page:find('id="deployment-0"', 1, true) and page:find("INVITE sip:", 1, true),
    "the page of the whole draws no run")
  local capture <const> = "/red-voip_only-sim/run.pcapng"
  same_file("ab" .. capture, "whole" .. capture)
  same_file("ab/red-voip_only-sim/verdict.json", "whole/red-voip_only-sim/verdict.json")
  local results <const> = json.read(suite.read "ab/results.json" or "")
  local trouble <const> = json.schema(source .. "/docs/schema", "results.schema.json")(results)
  process.check(not trouble, "results.json" .. tostring(trouble))
  process.check(#results.members.runs > 50, "too few runs")
  says(suite.read "ab/junit.xml" or "", "[[ATTACHMENT|ab" .. capture .. "]]")
end

local function test_again()
  run("one", "calls/busy@voip_only:bypass_on/ev_to_ev")
  run("two", "calls/busy@voip_only:bypass_on/ev_to_ev", "-d", "busy_becomes_480")
  run("three", "calls/busy@voip_only:bypass_on/ev_to_pstn")
  run("four", "calls/busy@voip_only:bypass_on/ev_to_pstn", "-d", "busy_becomes_480")
  run("five", "calls/busy@voip_only:bypass_on/ev_to_pstn", "--seed", "2")
  local status, output = merge("same", "one", "two")
  process.check(status == 0, output)
  says(output, "calls/busy@voip_only:bypass_on/ev_to_ev (sim, seed 1) was run twice, in one/")
  says(output, ": both say pass, and the first is kept")
  status, output = merge("worse", "three", "four")
  process.check(status == 1, output)
  says(output, "four/calls-busy-voip_only-bypass_on-ev_to_pstn-sim says FAIL, and three/")
  says(output, "says pass, which is not kept")
  status, output = merge("seeds", "three", "five")
  process.check(status == 0 and not output:find "twice", output)
  says(output, "2 runs: 2 passed")
  local name <const> = "/calls-busy-voip_only-bypass_on-ev_to_pstn-sim"
  same_file("seeds" .. name .. "/run.pcapng", "three" .. name .. "/run.pcapng")
  same_file("seeds" .. name .. "-again-2/run.pcapng", "five" .. name .. "/run.pcapng")
end

--- An element that misbehaved is drawn as one, as in the page of the run itself.
local function test_misbehaviour()
  run("bad", "-d", "busy_becomes_480", "calls/busy@voip_only:bypass_on/ev_to_pstn")
  merge("bad_again", "bad")
  local function deployment(folder)
    return (suite.read(folder .. "/index.html") or ""):match 'id="deployment%-0">(.-)</script>' or ""
  end
  process.check(deployment "bad":find('"defects":["busy_becomes_480"]', 1, true),
    "the page of the run draws no misbehaviour")
  process.check(deployment "bad" == deployment "bad_again", "the page of the whole draws another")
end

--- A run that was ended from outside leaves a verdict all the same.
local function test_killed()
  local status, output = suite.directsip("ulimit -f 40 &&", "run", "-q", "-w", "sim", "-o", "killed",
    "calls/callee_clears@voip_only:bypass_on/ev_to_ev")
  process.check(status == 3 and output:find "ended by signal", output)
  status, output = merge("with_killed", "killed", "three")
  process.check(status == 3 and output:find "ended by signal", output)
  says(output, "rerun  directsip run 'calls/callee_clears@voip_only:bypass_on/ev_to_ev' --seed 1")
  says(output, "2 runs: 1 passed, 0 failed, 0 unclear, 0 not seen, 0 skipped, 1 error ")
end

local function test_trouble()
  local status, output = merge("x", "one", "nonesuch")
  process.check(status == 2, output)
  says(output, "cannot read nonesuch: No such file or directory")
  process.run("mkdir " .. process.quote(suite.folder .. "/empty"))
  status, output = merge("x", "empty")
  process.check(status == 2, output)
  says(output, "empty holds no run")
  status, output = merge("one/.", "one", "three")
  process.check(status == 2, output)
  says(output, "cannot be one of the parts too")
  for _, words in ipairs { { "merge" }, { "merge", "one" }, { "split", "one", "-o", "x" } } do
    status, output = suite.directsip("", "report", table.unpack(words))
    process.check(status == 2 and output:find "directsip report merge DIR", output)
  end
  process.run(("cd %s && cp -r three torn && rm torn/*/verdict.json"):format(
    process.quote(suite.folder)))
  status, output = merge("x", "one", "torn")
  process.check(status == 3, output)
  says(output, "holds a capture and no verdict: that run was never finished")
  process.run(("cd %s && echo no > torn/calls-busy-voip_only-bypass_on-ev_to_pstn-sim/verdict.json")
    :format(process.quote(suite.folder)))
  status, output = merge("x", "one", "torn")
  process.check(status == 2 and output:find "verdict.json:1 is no JSON", output)
end

test_shards()
test_again()
test_misbehaviour()
test_killed()
test_trouble()
process.finish()
