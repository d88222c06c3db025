--- Shows and judges every file of a corpus that nobody on this project wrote: whatever is in it,
--- directsip ends with an exit status that it documents, and says something where it refuses.
---
--- Usage: lua5.4 readable.lua DIRECTSIP SOURCE CORPUS

local program <const>, source <const>, corpus <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")

--- Exit statuses of show and check: passed, failed, not readable, not sure.
local documented <const> = { [0] = true, [1] = true, [2] = true, [4] = true }

local function files()
  local status <const>, listing <const> = process.run(("find %s -type f | sort"):format(
    process.quote(corpus)))
  return status == 0 and listing or ""
end

--- Endings say nothing: some captures are called .rtp. These are the first bytes of pcap, written
--- on either kind of machine, and of pcapng.
local magics <const> = {
  ["\xd4\xc3\xb2\xa1"] = true, ["\xa1\xb2\xc3\xd4"] = true, ["\x4d\x3c\xb2\xa1"] = true,
  ["\xa1\xb2\x3c\x4d"] = true, ["\x0a\x0d\x0d\x0a"] = true,
}

local function is_capture(path)
  return magics[process.read(path):sub(1, 4)]
end

local function examine(path, ...)
  local status <const>, output <const> = process.run(process.words("timeout", "60", program, ...))
  local verb <const> = (...)
  process.check(documented[status], ("%s %s ends with %d: %s"):format(verb, path, status, output))
  process.check(not output:match "Sanitizer" and not output:match "runtime error",
    ("%s %s: %s"):format(verb, path, output))
  process.check(#output > 0, ("%s %s says nothing"):format(verb, path))
  return status, output
end

--- A line for each call that show draws.
local function lists(path, shown_calls)
  local _, output <const> = examine(path, "calls", "--root", source, path)
  local _, drawn <const> = shown_calls:gsub("%f[^\0\n]Call %d+  ", "")
  local _, listed <const> = output:gsub("%f[^\0\n] *%d+  %S+  +%S+  +%S+ > ", "")
  process.check(drawn == listed, ("%s: %d calls are drawn and %d are listed:\n%s"):format(path, drawn,
    listed, output))
end

--- No line but a call's title is longer than the terminal is wide, and each call is one diagram.
local function draws(path)
  local _, drawn <const> = examine(path, "show", "--columns", "70", "--root", source, path)
  for line in drawn:gmatch "[^\n]+" do
    local columns <const> = utf8.len(line)
    process.check(columns and columns <= 70 or line:find "^Call " or not line:find "[│=]",
      ("%s: too long: %s"):format(path, line))
  end
  local _, diagram <const> = examine(path, "show", "--mermaid", "--root", source, path)
  local _, calls <const> = drawn:gsub("%f[^\0\n]Call %d+  ", "")
  local _, fences <const> = diagram:gsub("%f[^\0\n]```mermaid\nsequenceDiagram\n", "")
  process.check(fences == calls, ("%s: %d calls and %d diagrams"):format(path, calls, fences))
end

--- "…/isa_call_auth.pcapng" and "….pcap" hold the same packets, so they show the same call.
local shown <const> = {}

local function read(path)
  local status <const>, output <const> = examine(path, "show", "--all", "--root", source, path)
  examine(path, "check", "--topology", "behind_pbx", "--root", source, path)
  lists(path, output)
  draws(path)
  if is_capture(path) then
    process.check(status == 0, ("show cannot read %s: %s"):format(path, output))
    shown[path:match "([^/]+)$"] = output:gsub("%S+/[^/%s]+:", "")
  else
    process.check(status == 2 and output:match "^directsip: [^\n]+\n$",
      ("show takes %s for a capture, or does not refuse it in one line: %s"):format(path, output))
  end
end

if process.run("test -d " .. process.quote(corpus)) ~= 0 then
  process.skip(("the captures are not there: %s"):format(corpus))
end
for path in files():gmatch "[^\n]+" do
  read(path)
end
process.check(shown["isa_call_auth.pcap"] == shown["isa_call_auth.pcapng"],
  "the same packets in a pcap and a pcapng file show different calls")
process.check(shown["pkts_sipp_5calls.pcap"] == shown["pkts_sipp_5calls_sll.pcap"],
  "the same packets on two kinds of link show different calls")
process.finish()
