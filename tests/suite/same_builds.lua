--- Which compiler built directsip does not show in anything that a simulated suite leaves. The other
--- program is named by DIRECTSIP_OTHER.
---
--- Usage: DIRECTSIP_OTHER=… lua5.4 same_builds.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local other <const> = os.getenv "DIRECTSIP_OTHER"
local bytes <const>, process <const> = dofile(source .. "/tests/suite/bytes.lua")(source)

if not other then
  process.skip "DIRECTSIP_OTHER names no program of another compiler"
end
bytes.run(program, "one", "")
bytes.run(other, "other", "")
local runs <const> = bytes.runs "one"
process.check(#runs > 500, ("only %d runs"):format(#runs))
bytes.compare_runs(runs, "one", "other", "by another compiler")
bytes.compare_reports("one", "other", "by another compiler")
process.finish()
