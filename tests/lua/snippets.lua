--- docs/writing-scenarios.md says nothing that is not so: every scenario in it passes, and the
--- first steps print what it says they print.
---
--- lua5.4 tests/lua/snippets.lua PROGRAM FOLDER, where FOLDER is the source tree.

local program <const>, root <const> = arg[1], arg[2]
local process <const> = dofile(root .. "/tests/support/process.lua")

local guide <const> = assert(process.read(root .. "/docs/writing-scenarios.md"))
local folder <const> = process.folder()

--- The verbs run where the reader would be: in a folder that holds nothing but their own files.
local function directsip(...)
  return process.run(("cd %s && DIRECTSIP_ROOT=%s %s 2>&1"):format(process.quote(folder),
    process.quote(root), process.words(program, ...)))
end

--- The code blocks of one kind, in their order.
local function blocks(kind)
  return guide:gmatch("\n```" .. kind .. "\n(.-)\n```")
end

local function runs_green(name, text)
  process.write(("%s/%s.lua"):format(folder, name), text .. "\n")
  local world <const> = text:find("world%s*= \"sim\"") and "sim" or "loopback"
  local status <const>, output = directsip("run", "-q", "-o", "out", "--world", world,
    name .. ".lua")
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
  for block in blocks("console") do
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
  step(4, 0, "show", "reports/out/first_call-behind_pbx/run.pcapng")
end

first_steps()
local count = 0
for block in blocks("lua") do
  if block:find("return ds.scenario", 1, true) then
    count = count + 1
    runs_green(("snippet_%d"):format(count), block)
  end
end
process.check(count >= 10, ("only %d scenarios were found"):format(count))
process.finish()
