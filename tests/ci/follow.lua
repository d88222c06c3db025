--- Calls of a pipe that is followed are those of the file, as a document and a line each.
---
--- Usage: lua5.4 follow.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local json <const> = dofile(source .. "/tests/support/json.lua")
local folder <const> = process.folder()

local function directsip(...)
  local status <const>, output <const> = process.run(process.words(program, ...))
  process.check(status == 0, ("%s ends with %d: %s"):format(table.concat({ ... }, " "), status,
    output))
  return output
end

local function pipe(capture, ...)
  local status <const>, output <const> = process.run(("cat %s | %s"):format(process.quote(capture),
    process.words(program, ...)))
  process.check(status == 0, ("%s ends with %d: %s"):format(table.concat({ ... }, " "), status,
    output))
  return output
end

directsip("run", "--root", source, "-w", "sim", "-q", "-o", folder .. "/out",
  "bypass/tls_trunk@voip_only:tls_trunk/pstn_to_ev")
local _, listing <const> = process.run("ls " .. process.quote(folder) .. "/out/*/run.pcapng")
local capture <const> = listing:match "[^\n]+"

local told <const> = directsip("calls", capture)
process.check(told:match "answered", "there is no call to tell: " .. told)
process.check(pipe(capture, "calls", "--follow", "-") == told, "a pipe is told otherwise than a file")
process.check(pipe(capture, "calls", "-") == told, "a pipe read to its end is told otherwise")

directsip("calls", "--json", folder .. "/calls.json", capture)
pipe(capture, "calls", "-F", "--json", folder .. "/calls.jsonl", "-")
local calls <const> = json.read(process.read(folder .. "/calls.json")).members.calls
local lines <const> = {}
for line in process.read(folder .. "/calls.jsonl"):gmatch "[^\n]+" do
  lines[#lines + 1] = json.read(line).members
end
process.check(#lines == #calls and #lines > 0, "there are not as many lines as calls")
for i, call in ipairs(calls) do
  for name, value in pairs(call.members) do
    if type(value) ~= "table" then
      process.check(lines[i][name] == value, ("%s of call %d differs"):format(name, i))
    end
  end
  process.check(#lines[i].streams == #call.members.streams, "the streams of a line differ")
end
process.finish()
