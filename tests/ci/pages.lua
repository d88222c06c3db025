--- Pages that are made are as they would be made now; what docs/coverage.lua names is there; and each
--- requirement it names is proven by a run.
---
--- Usage: lua5.4 pages.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")

for _, name in ipairs { "requirements", "coverage" } do
  local status <const>, made <const> = process.run(("cd %s && lua5.4 docs/%s.lua"):format(
    process.quote(source), name))
  process.check(status == 0, made)
  process.check(made == process.read(("%s/docs/%s.md"):format(source, name)),
    ("docs/%s.md is to be made anew: lua5.4 docs/%s.lua > docs/%s.md"):format(name, name, name))
end

local _, list <const> = process.run(process.words(program, "list", "scenarios", "--root", source))
local scenarios <const> = {}
for name in list:gmatch "%f[^%s\0]([%w_]+/[%w_]+)" do scenarios[name] = true end

local proven <const> = {}
local function is_proven(id)
  if proven[id] == nil then
    local status <const>, text <const> = process.run(process.words(program, "explain", id, "--root",
      source))
    proven[id] = status == 0 and text:find "[%w_]+/[%w_]+" ~= nil
  end
  return proven[id]
end

local guide <const>, cases <const> =
  table.unpack(assert(loadfile(source .. "/docs/coverage.lua"))("data"))
local count = 0
for _, lines in ipairs { guide, cases } do
  for _, line in ipairs(lines) do
    for proof in line[3]:gmatch "%S+" do
      count = count + 1
      if proof:find "/" then
        process.check(scenarios[proof], ("%s names the scenario %s, which is not there"):format(line[1],
          proof))
      else
        process.check(is_proven(proof), ("%s names %s, which no run proves"):format(line[1], proof))
      end
    end
  end
end
process.check(count > 100, "nothing is proven")
process.check(#cases == 81, "there are 81 cases")
for number, line in ipairs(cases) do
  process.check(line[1] == ("T%02d"):format(number), ("case %d is %s"):format(number, line[1]))
end
process.finish()
