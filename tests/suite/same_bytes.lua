--- The simulated world is a function of scenario, topology and seed. The whole suite is run by one
--- worker, by three, in two halves, the second first, and some runs alone; every byte that a run
--- leaves must be the same each time, and so must every report on all of them.
---
--- Usage: lua5.4 same_bytes.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local bytes <const>, process <const> = dofile(source .. "/tests/suite/bytes.lua")(source)
local EVERY <const> = 41 -- of which one is run alone

bytes.run(program, "one", "-j 1")
local runs <const> = bytes.runs "one"
process.check(#runs > 500, ("only %d runs"):format(#runs))
bytes.run(program, "three", "-j 3")
bytes.compare_runs(runs, "one", "three", "with three workers")
bytes.compare_reports("one", "three", "with three workers")
bytes.run(program, "halves", "-j 1 --shard 2/2")
bytes.run(program, "halves", "-j 1 --shard 1/2")
bytes.compare_runs(runs, "one", "halves", "in the halves of the suite")

local ids <const> = bytes.lines(("%s list runs --root %s"):format(process.quote(program),
  process.quote(source)))
local chosen <const> = {}
for index = EVERY, #ids, EVERY do
  local id <const> = ids[index]:match "^%S+"
  chosen[#chosen + 1] = id:gsub("[/:@]", "-") .. "-sim"
  bytes.run(program, "alone", process.quote(id))
end
process.check(#chosen > 10, "too few were run alone")
bytes.compare_runs(chosen, "one", "alone", "when run alone")
process.finish()
