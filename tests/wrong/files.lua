--- Command lines, scenarios, topologies and captures that are wrong: each is refused with the exit
--- status that is documented, and in a sentence that says what is wrong and where.
---
--- Usage: lua5.4 files.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()

--- Runs directsip; one line of what it prints must match `says`.
local function expect(status, says, ...)
  local got <const>, output <const> = process.run("timeout 60 " .. process.words(program, ...))
  local said = false
  for line in output:gmatch "[^\n]+" do
    said = said or line:match(says) ~= nil
  end
  local command <const> = table.concat({ ... }, " ")
  process.check(got == status, ("%s ends with %d and ought to end with %d: %s"):format(command, got,
    status, output))
  process.check(said, ("%s does not say '%s': %s"):format(command, says, output))
  return output
end

--- Wrong use is told in one line, and nothing is run.
local function refused(says, ...)
  local output <const> = expect(2, says, ...)
  process.check(output:match "^directsip: [^\n]+\n$",
    ("%s is not refused in one line: %s"):format(table.concat({ ... }, " "), output))
end

local function test_command_lines()
  refused("no verb 'frobnicate'", "frobnicate")
  refused("no option '%-%-frob'", "run", "--frob")
  refused("no option '%-z'", "run", "-z")
  refused("no option '%-%-junit'", "show", "--junit", "x")
  refused("%-%-quiet takes no argument", "run", "--quiet=yes")
  refused("%-%-shard wants K/N", "run", "--shard")
  for _, shard in ipairs({ "0/3", "4/3", "1/0", "1", "a/b", "-1/3", "1/99999999999999999999", "" })
  do
    refused("%-%-shard is K/N", "run", "--shard", shard)
  end
  refused("%-j is at least 1", "run", "-j", "0")
  refused("%-j is a number", "run", "-j", "many")
  refused("%-%-seed is a number", "run", "--seed", "-1")
  refused("%-%-bypass is on or off", "run", "--bypass", "maybe")
  refused("no defect 'nonesuch'", "run", "--defect", "nonesuch")
  refused("no topology 'atlantis'", "run", "--topology", "atlantis")
  refused("no variant 'upside_down'", "run", "--topology", "voip_only:upside_down")
  refused("%-%-color is auto", "run", "--color", "blue")
  refused("no run is chosen", "run", "calls/nonesuch")
  refused("cannot open %S*nonesuch%.lua", "run", folder .. "/nonesuch.lua")
  refused("cannot find lua/ds", "run", "--root", folder)
  refused("list wants to know what", "list", "frogs")
  refused("explain wants the id", "explain", "BYP-99")
  refused("show wants one capture", "show")
  refused("check wants a topology", "check", folder)
  refused("a name is made of", "new", "scenario", "../../elsewhere")
end

local function test_scenarios()
  for _, wrong in ipairs(dofile(source .. "/tests/wrong/scenarios.lua")) do
    local path <const> = process.write(("%s/%s.lua"):format(folder, wrong.name), wrong.text)
    expect(wrong.status, wrong.says, "run", path, "--root", source, "-o", folder .. "/out")
  end
end

--- `text` with the first `old` as it stands there replaced.
local function replace(text, old, new)
  local first <const>, last <const> = text:find(old, 1, true)
  assert(first, ("topologies/voip_only.lua has no '%s' any more"):format(old))
  return text:sub(1, first - 1) .. new .. text:sub(last + 1)
end

local function test_topologies()
  local right <const> = process.read(source .. "/topologies/voip_only.lua")
  for _, wrong in ipairs(dofile(source .. "/tests/wrong/topologies.lua")) do
    local path <const> = process.write(folder .. "/topology.lua",
      replace(right, wrong.old, wrong.new))
    refused("topology%.lua" .. wrong.says, "run", "calls/busy", "--topology", path,
      "--root", source, "-o", folder .. "/out")
  end
end

local function test_captures()
  local header <const> = string.pack("<I4I2I2I4I4I4", 0xa1b2c3d4, 2, 4, 0, 0, 65535)
  local captures <const> = {
    { "empty", "", "is empty" },
    { "text", "INVITE sip:alice@contoso.example SIP/2.0\r\n\r\n", "is text, not a capture" },
    { "short_header", header:sub(1, 10), "short_header" },
    { "unknown_link", header .. string.pack("<I4I4I4I4I4", 147, 0, 0, 4, 4) .. "abcd",
      "link type 147" },
    { "huge_frame", header .. string.pack("<I4I4I4I4I4", 1, 0, 0, 0x7fffffff, 0x7fffffff) .. "abcd",
      "huge_frame is damaged at byte 24" },
    { "cut", header .. string.pack("<I4I4I4I4I4", 1, 0, 0, 100, 100) .. "abcd",
      "cut is damaged at byte 24" },
  }
  for _, capture in ipairs(captures) do
    local path <const> = process.write(folder .. "/" .. capture[1], capture[2])
    refused(capture[3], "show", path)
    refused(capture[3], "check", "--topology", "voip_only", "--root", source, path)
  end
  refused("Is a directory", "show", folder)
  refused("No such file", "show", folder .. "/nonesuch.pcap")
end

test_command_lines()
test_scenarios()
test_topologies()
test_captures()
process.finish()
