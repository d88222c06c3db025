--- The report's page of three simulated runs, one of which fails, is the reviewed one in
--- reports/sample, byte for byte. With `write` at the end, that one is written anew.
---
--- Usage: lua5.4 sample.lua DIRECTSIP SOURCE [write]

local program <const>, source <const>, write <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local sample <const> = source .. "/reports/sample/index.html"
local out <const> = process.folder() .. "/out"

local status <const>, said <const> = process.run(("cd %s && env -u DIRECTSIP_ROOT %s"):format(
  process.quote(source), process.words(program, "run", "-w", "sim", "-q", "-o", out,
    "--defect", "gateway:busy_becomes_480",
    "calls/callee_clears@in_front_of_pbx:bypass_on/ev_to_pstn",
    "calls/callee_clears@in_front_of_pbx:bypass_off/ev_to_pstn",
    "calls/busy@in_front_of_pbx:bypass_on/ev_to_pstn")))
process.check(status == 1, ("the runs end with %d:\n%s"):format(status, said))
local page <const> = process.read(out .. "/index.html")

--- Where two texts part, and what each says there.
local function difference(one, two)
  local at = 1
  while one:byte(at) == two:byte(at) and at <= #one do at = at + 1 end
  return ("at byte %d, '%s' where '%s' was reviewed"):format(at, one:sub(at - 40, at + 60),
    two:sub(at - 40, at + 60))
end

if write == "write" then
  process.check(page ~= nil, "no page was written")
  process.write(sample, page)
else
  local reviewed <const> = process.read(sample) or ""
  process.check(page == reviewed, "the page is another than reports/sample/index.html: " ..
    difference(page or "", reviewed) .. "; look at it, and write it anew if it is right")
end
process.finish()
