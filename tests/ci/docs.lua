--- docs/ci.md says nothing that is not so: the exit statuses are all of those that help prints, every
--- option it names is one of the verb it stands behind, and the files it links are there.
---
--- Usage: lua5.4 docs.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local guide <const> = assert(process.read(source .. "/docs/ci.md"))

local help <const> = setmetatable({}, { __index = function(made, verb)
  local _, output <const> = process.run(process.words(program, "help", verb))
  made[verb] = output
  return output
end })

local function is_option(verb, option)
  return help[verb]:find("[ ,]" .. option:gsub("%-", "%%-") .. "[ ,]") ~= nil
end

local commands = 0
for line in guide:gmatch "[^\n]+" do
  local verb = line:match "directsip (%l+)" or line:match "cmake/bootstrap (%l+)"
  verb = verb == "conformance" and "run" or verb
  if verb and line:find " %-" then
    commands = commands + 1
    for option in line:match("[^;]*"):gmatch " (%-%-?%l[%l-]*)" do
      process.check(is_option(verb, option), ("%s has no %s: %s"):format(verb, option, line))
    end
  end
end
process.check(commands > 5, "too few commands were found")

for option in guide:gmatch "| `(%-%-%l[%l-]*)" do
  process.check(is_option("run", option), ("run has no %s"):format(option))
end

local statuses = 0
for number in help.run:match("Exit status\n(.*)"):gmatch "\n? +(%d+)  " do
  statuses = statuses + 1
  process.check(guide:find("\n| " .. number .. " | ", 1, true), "nothing is said of " .. number)
end
process.check(statuses == 7, "there are other exit statuses")

for path in guide:gmatch "%]%(([%w_./-]+)%)" do
  process.check(process.read(source .. "/docs/" .. path), path .. " is not there")
end
process.finish()
