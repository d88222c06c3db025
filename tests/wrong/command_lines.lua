--- Command lines that are wrong: nothing is run.
---
--- Usage: lua5.4 command_lines.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const>, refused <const> =
  dofile(source .. "/tests/wrong/refusal.lua")(program, source)
local folder <const> = process.folder()

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
refused("%-%-load: 'pbx=5', and the topology has no such user", "plan", "voip_only", "--load",
  "pbx=5")
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
process.finish()
