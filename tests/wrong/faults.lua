--- Faults on the command line: nothing is run under one that makes no sense.
---
--- Usage: lua5.4 faults.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const>, refused <const> =
  dofile(source .. "/tests/wrong/refusal.lua")(program, source)
local folder <const> = process.folder()

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
process.finish()
