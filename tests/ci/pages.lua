--- Pages that are made are as they would be made now. Of docs/coverage/: each scenario and plan that is
--- named is there, and each requirement is seen to hold in a run of a scenario named beside it.
---
--- Usage: lua5.4 pages.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()

for _, name in ipairs { "requirements", "coverage" } do
  local status <const>, made <const> = process.run(("cd %s && lua5.4 docs/%s.lua"):format(
    process.quote(source), name))
  process.check(status == 0, made)
  process.check(made == process.read(("%s/docs/%s.md"):format(source, name)),
    ("docs/%s.md is to be made anew: lua5.4 docs/%s.lua > docs/%s.md"):format(name, name, name))
end

local cases <const> = dofile(source .. "/docs/coverage/cases.lua")
local lines <const> = table.move(cases, 1, #cases, 1, {})
for _, section in ipairs(dofile(source .. "/docs/coverage/guide.lua")) do
  table.move(section, 1, #section, #lines + 1, lines)
end

--- The scenarios that are named, run in the simulated world: which requirements held in each.
local function held_in(scenarios)
  local report <const> = folder .. "/results.json"
  local names <const> = {}
  for name in pairs(scenarios) do names[#names + 1] = name end
  local status <const>, output <const> = process.run(process.words(program, "run", "-w", "sim", "-q", "-j", "2",
    "--root", source, "-o", folder .. "/out", "--json", report, table.unpack(names)))
  process.check(status == 0, output)
  local held <const>, scenario, id = {}, nil, nil
  for line in io.lines(report) do
    local key <const>, value <const> = line:match '^%s*"(%l+)": "([^"]*)",?$'
    if key == "scenario" then
      scenario = value
      held[scenario] = held[scenario] or {}
    elseif key == "id" then
      id = value
    elseif key == "verdict" and value == "pass" then
      held[scenario][id] = true
    end
  end
  return held
end

local function proofs(line, of_kind)
  local list <const> = {}
  for proof in (line.by or ""):gmatch "%S+" do
    if (proof:match "[/:]" or "") == of_kind then list[#list + 1] = proof end
  end
  return list
end

local scenarios <const> = {}
for _, line in ipairs(lines) do
  for _, name in ipairs(proofs(line, "/")) do scenarios[name] = true end
end
local held <const> = held_in(scenarios)

local function name_of(line)
  return line[2] and line[1] or ("'%s'"):format(line[1])
end

local function is_held(id, names)
  for _, name in ipairs(names) do
    if held[name] and held[name][id] then return true end
  end
  return false
end

for _, line in ipairs(lines) do
  local names <const> = proofs(line, "/")
  for _, name in ipairs(names) do
    process.check(held[name], ("%s names the scenario %s, which is not there"):format(name_of(line), name))
  end
  for _, id in ipairs(proofs(line, "")) do
    process.check(is_held(id, names), ("%s names %s, which holds in no run of its scenarios"):format(name_of(line), id))
  end
  for _, plan in ipairs(proofs(line, ":")) do
    process.check(process.read(("%s/tests/planning/golden/%s.txt"):format(source, plan:match "^plan:(.*)")),
      ("%s names %s, which no test holds"):format(name_of(line), plan))
  end
  process.check(line.by or line.missing or line.outside, name_of(line) .. " has neither proof nor reason")
end

process.check(#cases == 81, "there are 81 cases")
for number, line in ipairs(cases) do
  process.check(line[1] == ("T%02d"):format(number), ("case %d is %s"):format(number, line[1]))
end
process.finish()
