--- The simulated world: how many runs a second, how much time passes in one, where it goes. Run as
--- `lua5.4 simulated.lua PROGRAM SOURCE_ROOT PARTS`.

local program <const>, root <const>, parts <const> = arg[1], arg[2], arg[3]

--- Signalling without waiting, signalling that waits for Timer B, and a second of audio both ways.
local BUSY <const> = "calls/busy@voip_only:bypass_on/ev_to_pstn"
local NOBODY <const> = "timers/nobody_there"
local AUDIO <const> = root .. "/bench/one_second_call.lua"
local RUNS <const> = 500

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function capture(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read("a")
end

local scratch <const> = capture("mktemp -d"):gsub("%s+$", "")

--- Wall and processor seconds of the command; nil where it failed.
local function measure(command)
  local place <const> = scratch .. "/time"
  local ok <const> = os.execute(("/usr/bin/time -q -o %s -f '%%e %%U %%S' %s >/dev/null 2>&1")
    :format(quote(place), command))
  if not ok then return nil end
  local file <close> = assert(io.open(place))
  local wall, user, system = file:read("n", "n", "n")
  return { wall = wall, cpu = user + system }
end

local function run(words)
  return measure(("%s run --world sim --root %s -q -o %s %s"):format(quote(program), quote(root),
    quote(scratch .. "/out"), words))
end

local function say(fmt, ...)
  print(fmt:format(...))
end

local function say_suite(workers)
  local took <const> = run("-j " .. workers)
  if not took then return say("the suite, -j %d: failed", workers) end
  say("the suite, -j %d                 %7.2f s wall, %6.2f s of processors", workers, took.wall,
    took.cpu)
end

--- The plan is made once, whatever the number of runs: it is measured by itself and taken off.
local function each_of(words)
  local one <const> = run(words .. " -j 1 -n 1")
  local many <const> = run(("%s -j 1 -n %d"):format(words, RUNS + 1))
  return one and many and (many.cpu - one.cpu) / RUNS
end

local function say_runs(name, words, simulated_s)
  local each <const> = each_of(words)
  if not each then return say("%-33s failed: directsip run %s", name, words) end
  say("%-33s %7.2f ms of processor, %5.0f runs a second", name, each * 1e3, 1 / each)
  if simulated_s then
    say("%-33s %7.0f simulated seconds a second", "", simulated_s / each)
  end
  return each
end

--- Where the time of a run with audio goes, from the capture that one has left.
local function say_parts(name, folder, topology, variant, scenario)
  say("of which, for %s", name)
  io.write(capture(("%s %s %s %s %s %s"):format(quote(parts),
    quote(scratch .. "/out/" .. folder .. "/run.pcapng"), quote(root .. topology), variant,
    quote(scenario), quote(root .. "/lua"))))
end

--- The same INVITE that nobody answers, from SIPp and in real time.
local function say_sipp(each)
  if not os.execute("command -v sipp >/dev/null && unshare -rn true 2>/dev/null") then
    return say("SIPp is not installed, or may have no network of its own: not measured")
  end
  local script <const> = ("cd %s && ip link set lo up\n"
    .. "sipp -sf %s -i 127.0.0.1 -p 5060 -m 1 -nostdin -timeout 40 &\n"
    .. "sipp -sf %s -i 127.0.0.1 -p 5070 -m 1 -nostdin -max_invite_retrans 9 -timeout 40 "
    .. "127.0.0.1:5060\nkill $!"):format(quote(scratch), quote(root .. "/bench/silent.xml"),
    quote(root .. "/bench/nobody_there.xml"))
  local took <const> = measure("unshare -rn sh -c " .. quote(script))
  if not took then return say("SIPp: its call did not end as it should") end
  say("SIPp, the same in real time       %7.2f s wall, %6.2f s of processors", took.wall, took.cpu)
  if each then say("%-33s %7.0f times as long", "", took.wall / each) end
end

say_suite(1)
say_suite(2)
say_runs("a refused call", quote(BUSY))
say_runs("a second of audio", quote(AUDIO), 1)
local each <const> = say_runs("Timer B", quote(NOBODY), 32)
say_sipp(each)
run(quote(BUSY))
run(quote(AUDIO))
say_parts("a refused call", "calls-busy-voip_only-bypass_on-ev_to_pstn-sim",
  "/topologies/voip_only.lua", "bypass_on", root .. "/scenarios/calls/busy.lua")
say_parts("a second of audio", "one_second_call-voip_only-bypass_on-sim",
  "/topologies/voip_only.lua", "bypass_on", AUDIO)
os.execute("rm -rf " .. quote(scratch))
