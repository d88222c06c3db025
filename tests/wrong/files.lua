--- Command lines, scenarios, topologies and captures that are wrong: each is refused with the exit
--- status that is documented, and in a sentence that says what is wrong and where.
---
--- Usage: lua5.4 files.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()

--- Runs directsip; one line of what it prints must match `says`.
local function expect(status, says, ...)
  local got <const>, output <const> = process.run("timeout 30 " .. process.words(program, ...))
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
  for _, seed in ipairs({ "-1", "1.5", "", "many", "0x10", "18446744073709551615", "1e3" }) do
    refused("%-%-seed is a number up to 18446744073708551615, not '", "run", "--seed", seed)
  end
  refused("no variant 'upside_down'", "run", "--topology", "voip_only:upside_down")
  refused("%-%-color is auto", "run", "--color", "blue")
  refused("no run is chosen", "run", "calls/nonesuch")
  refused("cannot open %S*nonesuch%.lua", "run", folder .. "/nonesuch.lua")
  refused("cannot find lua/ds", "run", "--root", folder)
  refused("list wants to know what", "list", "frogs")
  refused("explain wants the id", "explain", "BYP-99")
  refused("show wants one capture", "show")
  refused("calls wants one capture, or an interface", "calls")
  refused("calls wants one capture, or an interface", "calls", "-i", "lo", "run.pcapng")
  refused("cannot capture on nowhere0: ", "calls", "-i", "nowhere0")
  refused("cannot open %S*nonesuch%.pcap", "calls", "--follow", folder .. "/nonesuch.pcap")
  refused("plan wants one topology", "plan")
  refused("plan wants one topology", "plan", "voip_only", "behind_pbx")
  refused("no topology 'atlantis'", "plan", "atlantis")
  refused("variant 'upside_down'", "plan", "voip_only:upside_down")
  refused("%-%-load: 'pbx=5', and the topology has no such user", "plan", "voip_only", "--load", "pbx=5")
  refused("%-%-load: 'ev' is none of", "plan", "voip_only", "--load", "ev")
  refused("no option '%-%-load'", "run", "--load", "ev=5")
  refused("with %-%-mermaid or writes with %-%-text", "show", "--mermaid", "--text", "x")
  refused("show writes to %-o only with %-%-sound", "show", "-o", "x.wav", "x")
  refused("%-%-columns is a number up to 1000", "show", "--columns", "wide", "x")
  refused("%-%-columns is a number up to 1000", "calls", "--columns=1001", "x")
  refused("calls wants one capture", "calls")
  refused("cannot %S+ %S*nonesuch", "calls", folder .. "/nonesuch")
  refused("check wants a topology", "check", folder)
  refused("a name is made of", "new", "scenario", "../../elsewhere")
end

--- Faults on the command line: nothing is run under one that makes no sense.
local function test_faults()
  local function refused_fault(says, ...)
    local words <const> = { "run", "calls/busy", "--root", source, "-o", folder .. "/out" }
    for _, line in ipairs { ... } do
      table.insert(words, "--fault")
      table.insert(words, line)
    end
    refused(says, table.unpack(words))
    table.insert(words, "--world")
    for _, world in ipairs { "sim", "both" } do
      words[#words + 1] = world
      refused(says, table.unpack(words))
      words[#words] = nil
    end
  end
  local many <const> = { "run", "--world", "sim" }
  for _ = 1, 33 do
    table.insert(many, "--fault=lose #1")
  end
  local where <const> = "topologies/%S+%.lua: the fault "
  refused("32 faults at once are enough", table.unpack(many))
  refused(where .. "'lose 5%%' would take TCP segments too, which the kernel brings all the same: "
    .. "say 'of udp', or run with %-%-world sim", "run", "calls/busy", "--fault", "lose 5%")
  refused(where .. "'cut gateway' needs the simulated world: run with %-%-world sim", "run",
    "calls/busy", "--world", "both", "--fault", "cut gateway")
  refused_fault(where .. "'drop 5%%': it begins with one of: lose, duplicate,", "drop 5%")
  refused_fault(where .. "'': it begins with one of", "")
  refused_fault(where .. "'lose 200%%': '200%%' is no share", "lose 200%")
  refused_fault(where .. "'cut atlantis': there is no element 'atlantis'; there are: ",
    "cut atlantis")
  refused_fault(where .. "'lose of host atlantis': 'atlantis' in its filter is neither an element",
    "lose of host atlantis")
  refused_fault(where .. "'lose of udp and and': 'udp and and' is no packet filter: ",
    "lose of udp and and")
  refused_fault(where .. "'lose 5%% of': 'of' is followed by a packet filter", "lose 5% of")
  refused_fault(where .. "'lose at noon': 'at' is a time of at most a day", "lose at noon")
  refused_fault(where .. "'lose %(udp%)': '%(udp%)' makes no sense there", "lose (udp)")
  refused_fault("a fault is one line of ASCII, and this has something else after 'cut k'",
    "cut k\xc3\xb6ln")
  refused_fault("a fault of more than 399 characters is too long: 'x+'", ("x"):rep(100000))
  refused("%-%-fault wants LINE after it", "run", "--world", "sim", "--fault")
  refused("%-%-world is loopback, sim or both, not 'moon'", "run", "--world", "moon")
end

--- What has no end is ended in seconds.
local function test_scenarios()
  for _, wrong in ipairs(dofile(source .. "/tests/wrong/scenarios.lua")) do
    local path <const> = process.write(("%s/%s.lua"):format(folder, wrong.name), wrong.text)
    expect(wrong.status, wrong.says, "run", path, "--root", source, "-o", folder .. "/out",
      "--world", wrong.world or "loopback")
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
test_faults()
test_scenarios()
test_topologies()
test_captures()
process.finish()
