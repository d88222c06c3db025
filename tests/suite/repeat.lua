--- The last line of every failure is a command that repeats it: that one run, with the same verdict
--- and, in the simulated world, the same bytes. Whatever a shell might take apart stays whole.
---
--- Usage: lua5.4 repeat.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()
local odd <const> = folder .. "/it's a \"$HOME\" (of * sorts)"

local function do_in_shell(command)
  return process.run(("cd %s && PATH=%s:$PATH && %s"):format(process.quote(folder),
    process.quote(folder .. "/bin"), command))
end

local function lines_of(command)
  local _, output <const> = do_in_shell(command)
  local lines <const> = {}
  for line in output:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return lines
end

--- The folder of the last failure of these words, and the command that is to repeat it.
local function fail(words)
  local status <const>, output <const> =
    do_in_shell("rm -rf first reports && directsip run -o first " .. words)
  local where <const>, again <const> = output:match "^.*\n +see +(%C-)/run%.pcapng\n +rerun +(%C+)\n"
  process.check(status == 1 and again, ("%s exits with %d:\n%s"):format(words, status, output))
  return where, again
end

--- What was found, without frames and measures.
local function findings(text)
  local found <const> = {}
  for id, verdict in (text or ""):gmatch '"id": (%C+)\n.-"verdict": (%C+)' do
    found[#found + 1] = id .. verdict
  end
  return table.concat(found, "\n")
end

local function repeats(words, ends_in, by_byte)
  local where <const>, again <const> = fail(words)
  if not again then
    return
  end
  process.check(again:sub(-#ends_in) == ends_in, ("%s does not end in %s"):format(again, ends_in))
  local status <const>, output <const> = do_in_shell(again)
  local left <const> = lines_of "find reports -name verdict.json"
  process.check(status == 1 and #left == 1,
    ("%s exits with %d and leaves %d runs:\n%s"):format(again, status, #left, output))
  local verdict <const> = process.read(("%s/%s/verdict.json"):format(folder, where))
  process.check(verdict and findings(verdict) == findings(process.read(folder .. "/" .. left[1])),
    again .. ": the findings are others")
  for _, name in ipairs(by_byte and { "run.pcapng", "verdict.json" } or {}) do
    local before <const> = process.read(("%s/%s/%s"):format(folder, where, name))
    local after <const> = process.read(("%s/%s"):format(folder, left[1] or ""):gsub("verdict.json$",
      name))
    process.check(before and before == after, ("%s: %s is another"):format(again, name))
  end
end

assert(process.run(process.words("mkdir", "-p", folder .. "/bin", odd)) == 0)
assert(process.run(process.words("ln", "-s", program, folder .. "/bin/directsip")) == 0)
assert(process.run(process.words("cp", source .. "/topologies/voip_only.lua", odd)) == 0)
local root <const> = " --root " .. process.quote(source)
local by_root <const> = " --root " .. source

-- One run of many, by a misbehaviour and with a seed that its number in a row has made.
repeats("'calls/busy@voip_only*/ev_to_pstn' -d busy_becomes_480 -n 2 --seed 7 -j 1 --world sim" .. root,
  "--seed 8 --world sim --defect gateway:busy_becomes_480" .. by_root, true)
repeats("'calls/busy@voip_only:bypass_on/ev_to_pstn' -d busy_becomes_480" .. root,
  "--seed 1 --defect gateway:busy_becomes_480" .. by_root, false)

-- Faults, bypass and files, with everything in their names that a shell is fond of.
local scenario <const> = process.write(odd .. "/one's.lua", [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  calls    = { "ev_to_ev", "ev_to_pstn" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()
    callee:answer()
    caller:wait("answered", ds.s)
  end,
}
]])
repeats(process.words(scenario, "--world", "sim", "--topology", odd .. "/voip_only.lua:other_site",
  "--bypass", "on", "--fault", "lose 90% of udp or (tcp and host pstn)") .. root,
  " --fault 'lose 90% of udp or (tcp and host pstn)'" .. by_root, true)
process.finish()
