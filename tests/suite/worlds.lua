--- What the two worlds make of one run is compared: a run that goes otherwise in one of them has failed,
--- and says by what. What needs real sockets is skipped in the simulated world, and says so.
---
--- Usage: lua5.4 worlds.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()

local function run(...)
  local words <const> = process.words(program, "run", "--root", source, "-o", folder .. "/out", ...)
  return process.run(("cd %s && %s"):format(process.quote(source), words))
end

local function says(output, sentence)
  process.check(output:find(sentence, 1, true), ("'%s' is not said:\n%s"):format(sentence, output))
end

local function exits(status, wanted, output)
  process.check(status == wanted, ("exits with %d, not %d:\n%s"):format(status, wanted, output))
end

local function test_difference()
  local path <const> = "tests/suite/faster_than_a_machine.lua"
  local status <const>, output <const> =
    run(path, "--world", "both", "--real-time", "--json", folder .. "/json")
  local name <const> = folder .. "/out/faster_than_a_machine-voip_only"
  exits(status, 1, output)
  says(output, "2 runs: 1 passed, 1 failed")
  says(output, "1 run in each of 2 worlds: loopback ")
  says(output, "; 1 differs\n")
  says(output, "call 1, alice and pool: loopback shows 'pool -> alice : 480' where sim shows "
    .. "'pool -> alice : 488'; loopback is in " .. name .. "/run.pcapng")
  says(output, "see    " .. name .. "-sim/run.pcapng")
  says(output, "--world both")
  local verdict <const> = process.read(name .. "-sim/verdict.json") or ""
  says(verdict, '"result": "FAIL"')
  says(verdict, '"id": "WORLDS"')
  says(process.read(folder .. "/json") or "", '"world": "loopback"')
end

local function test_agreement()
  local status <const>, output <const> =
    run("calls/busy@voip_only:bypass_on", "--world", "both", "--junit", folder .. "/junit")
  exits(status, 0, output)
  says(output, "3 runs in each of 2 worlds: loopback ")
  says(output, "; no difference\n")
  process.check(output:match "pass +calls/busy +voip_only:bypass_on +ev_to_ev +sim ",
    "the lines do not tell the world:\n" .. output)
  local junit <const> = process.read(folder .. "/junit") or ""
  says(junit, 'name="calls/busy@voip_only:bypass_on/ev_to_ev (loopback)"')
  says(junit, 'name="calls/busy@voip_only:bypass_on/ev_to_ev (sim)"')
end

local function test_real_sockets_needed()
  local program_needed <const> = process.write(folder .. "/program.lua", [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", run = function() ds.program { "true" } end }
]])
  local status, output = run(program_needed, "--world", "sim")
  exits(status, 77, output)
  says(output, "this run needs true, a program that lives on real sockets: run it with --world "
    .. "loopback")
  status, output = run("tests/sipp/calls_in.lua", "--world", "sim")
  exits(status, 77, output)
  says(output, "pstn is a real element, which the simulated world cannot reach: run this with "
    .. "--world loopback")
end

test_difference()
test_agreement()
test_real_sockets_needed()
process.finish()
