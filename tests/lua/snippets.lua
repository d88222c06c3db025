--- docs/writing-scenarios.md, docs/simulation.md and docs/planning.md say nothing that is not so: every
--- scenario in them passes, the first steps print what the guide says they print, and the faults are those that
--- harness/net/faults.def has.
---
--- lua5.4 tests/lua/snippets.lua PROGRAM FOLDER, where FOLDER is the source tree.

local program <const>, root <const> = arg[1], arg[2]
local process <const> = dofile(root .. "/tests/support/process.lua")

local function read(path)
  return assert(process.read(root .. "/" .. path))
end

local writing <const> = read "docs/writing-scenarios.md"
local simulation <const> = read "docs/simulation.md"
local planning <const> = read "docs/planning.md"
local folder <const> = process.folder()

--- The verbs run where the reader would be: in a folder that holds nothing but their own files.
local function directsip(...)
  return process.run(("cd %s && DIRECTSIP_ROOT=%s %s 2>&1"):format(process.quote(folder),
    process.quote(root), process.words(program, ...)))
end

--- The code blocks of one kind in a guide, in their order.
local function blocks(guide, kind)
  return guide:gmatch("\n```" .. kind .. "\n(.-)\n```")
end

local function runs_green(name, text)
  process.write(("%s/%s.lua"):format(folder, name), text .. "\n")
  local status <const>, output = directsip("run", "-q", "-o", "out", name .. ".lua")
  local skipped <const> = status == 77 and text:find("ds.program", 1, true)
  process.check(status == 0 or skipped, ("%s ended with %d\n%s\n%s"):format(name, status, text,
    output))
end

--- Each line that the guide shows after `$ directsip …` is among what is printed.
local function prints(shown, output)
  for line in shown:gmatch("[^\n]+") do
    local text <const> = line:match("^%s*(.-)%s*$")
    process.check(output:find(text, 1, true), ("'%s' is not in\n%s"):format(text, output))
  end
end

--- The five minutes, as their reader lives them.
local function first_steps()
  local shown <const> = {}
  for block in blocks(writing, "console") do
    shown[#shown + 1] = block:match("^%$ directsip [^\n]*\n(.*)$") or ""
  end
  local function step(number, status_wanted, ...)
    local status <const>, output = directsip(...)
    process.check(status == status_wanted, ("step %d ended with %d"):format(number, status))
    process.check(shown[number] ~= "", ("the guide shows nothing for step %d"):format(number))
    prints(shown[number], output)
  end
  local path <const> = folder .. "/first_call.lua"
  step(1, 0, "new", "scenario", "first_call")
  step(2, 0, "run", "first_call.lua")
  local broken <const>, count = process.read(path):gsub("callee:answer%(%)", "callee:busy()")
  process.check(count == 1, "there is one answer to break")
  process.write(path, broken)
  step(3, 1, "run", "first_call.lua")
  step(4, 0, "show", "--text", "reports/out/first_call-behind_pbx/run.pcapng")
end

local function scenarios(guide, name, least)
  local count = 0
  for block in blocks(guide, "lua") do
    if block:find("return ds.scenario", 1, true) then
      count = count + 1
      runs_green(("%s_%d"):format(name, count), block)
    end
  end
  process.check(count >= least, ("only %d scenarios were found in %s"):format(count, name))
end

--- Every line that the table of faults shows can be written, and every fault there is stands in it
--- with its own example.
local function faults()
  local shown <const>, known <const> = {}, {}
  local definition <const> = 'FAULT%([%u]+, "(%l+)".-, "([^"]*)"%)\n'
  for word, usage in read "harness/net/faults.def":gmatch(definition) do
    known[word] = usage:match "^[^,:]+"
  end
  local head <const> = "\n| write | what happens |\n|---|---|\n"
  local table_of_faults <const> = simulation:match(head .. "(.-)\n\n") or ""
  local calls <const> = "calls/busy@voip_only:bypass_on/ev_to_pstn"
  local function try(line)
    local status <const>, output = directsip("run", calls, "-q", "-o", "out", "--world", "sim",
      "--fault", line)
    process.check(status <= 1, ("'%s' ends with %d: %s"):format(line, status, output))
  end
  for row in (table_of_faults .. "\n"):gmatch "| ([^|]+) |[^\n]*\n" do
    for line in row:gmatch "`([^`]+)`" do
      local word <const> = line:match "^%l+"
      shown[line] = true
      process.check(known[word], ("the network has no fault '%s'"):format(line))
      try(line)
    end
  end
  for filter in (simulation:match "\n## Filters\n.-\n```\n(.-)```" or ""):gmatch "[^\n]+" do
    try("lose 1% of " .. filter)
  end
  local count = 0
  for word, example in pairs(known) do
    count = count + 1
    process.check(shown[example], ("the guide does not show '%s', an example of '%s'"):format(
      example, word))
  end
  process.check(count >= 12, ("only %d faults were found"):format(count))
end

first_steps()
scenarios(writing, "writing", 10)
scenarios(simulation, "simulation", 2)
scenarios(planning, "planning", 1)
faults()
process.finish()
