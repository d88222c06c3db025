--- As a step of GitHub Actions directsip annotates the scenario's line, writes the job's summary, and
--- lets nothing else that it prints be a command; elsewhere it does none of this.
---
--- Usage: lua5.4 github.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local suite <const>, process <const> = dofile(source .. "/tests/ci/suite.lua")(program, source)
local inside <const> = ("GITHUB_ACTIONS=true GITHUB_WORKSPACE=%s GITHUB_STEP_SUMMARY=summary")
  :format(process.quote(suite.folder))

local function run(before, ...)
  return suite.directsip(before, "run", "-w", "sim", "-o", "out", ...)
end

local function test_annotations()
  local status <const>, output <const> = run(inside, "red.lua", "calls/busy@voip_only")
  local word <const> = output:match "^::stop%-commands::(%x+)\n"
  process.check(status == 1 and word and #word == 32, "commands are not stopped:\n" .. output)
  process.check(output:find("\n::" .. (word or "") .. "::\n::error file=red.lua,line=13,title="
    .. "expectation::red@voip_only: the call to ", 1, true), "no annotation:\n" .. output)
  process.check(select(2, output:gsub("::error ", "")) == 1, "more than one error:\n" .. output)
  local summary <const> = suite.read "summary" or ""
  process.check(summary:find("| FAIL | red@voip\\_only |", 1, true), "no summary:\n" .. summary)
  local _, again <const> = run(inside, "red.lua")
  process.check(not word or not again:find(word, 1, true), "the word is the same again")
end

local function test_choice()
  local _, plain <const> = run("", "red.lua")
  process.check(not plain:find("::", 1, true), "annotated outside GitHub:\n" .. plain)
  local _, off <const> = run(inside, "--github", "off", "red.lua")
  process.check(not off:find("::", 1, true), "annotated though it is off:\n" .. off)
  local _, on <const> = run("", "--github=on", "red.lua")
  process.check(on:find("::error file=red.lua,line=13", 1, true), "not annotated:\n" .. on)
  local status, output = run("", "--github", "perhaps", "red.lua")
  process.check(status == 2 and output:find "auto, on or off, not 'perhaps'", output)
  status, output = run(inside .. "/no/such/place", "red.lua")
  process.check(status == 3 and output:find "cannot write summary/no/such/place", output)
end

local function test_code_quality()
  local status, output = run("", "--code-quality", "quality.json", "red.lua")
  local json <const> = dofile(source .. "/tests/support/json.lua")
  local list <const> = json.read(suite.read "quality.json" or "")
  process.check(status == 1 and list and #list == 1, output)
  process.check(list and list[1].members.location.members.path == "red.lua", "another path")
  status, output = run("", "--code-quality", "quality.json", "calls/busy@voip_only")
  process.check(status == 0 and suite.read "quality.json" == "[]\n", output)
end

test_annotations()
test_choice()
test_code_quality()
process.finish()
