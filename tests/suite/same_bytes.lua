--- The simulated world is a function of scenario, topology and seed. The whole suite is run by one
--- worker, by three, in two halves, the second first, and some runs alone; every byte that a run
--- leaves must be the same each time.
---
--- Usage: lua5.4 same_bytes.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local EVERY <const> = 41 -- of which one is run alone

--- Runs in a folder of their own, so that the paths within the verdicts are the same.
local function run_in(folder, words)
  local place <const> = process.folder() .. "/" .. folder
  local status <const>, output <const> = process.run(("mkdir -p %s && cd %s && %s run %s %s")
    :format(process.quote(place), process.quote(place), process.quote(program),
      process.words("--world", "sim", "--root", source, "-q", "-o", "out"), words))
  process.check(status == 0, ("%s exits with %d:\n%s"):format(words, status, output))
  return place
end

local function lines_of(command)
  local _, output <const> = process.run(command)
  local lines <const> = {}
  for line in output:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return lines
end

local function compare(runs, place, other, how)
  for _, run in ipairs(runs) do
    for _, name in ipairs { "run.pcapng", "verdict.json" } do
      local path <const> = "/out/" .. run .. "/" .. name
      local one <const>, two <const> = process.read(place .. path), process.read(other .. path)
      process.check(one and one == two, ("%s/%s is another %s"):format(run, name, how))
    end
  end
end

local one <const> = run_in("one", "-j 1")
local runs <const> = lines_of("ls " .. process.quote(one .. "/out"))
process.check(#runs > 500, ("only %d runs"):format(#runs))
compare(runs, one, run_in("three", "-j 3"), "with three workers")
run_in("halves", "-j 1 --shard 2/2")
compare(runs, one, run_in("halves", "-j 1 --shard 1/2"), "in the halves of the suite")

local ids <const> = lines_of(("%s list runs --root %s"):format(process.quote(program),
  process.quote(source)))
local chosen <const> = {}
for index = EVERY, #ids, EVERY do
  local id <const> = ids[index]:match "^%S+"
  chosen[#chosen + 1] = id:gsub("[/:@]", "-") .. "-sim"
  run_in("alone", process.quote(id))
end
process.check(#chosen > 10, "too few were run alone")
compare(chosen, one, process.folder() .. "/alone", "when run alone")
process.finish()
