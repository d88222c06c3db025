--- How long the suite takes, and one call. Run as `lua5.4 suite.lua PROGRAM SOURCE_ROOT PARSER`.

local program <const>, root <const>, parser <const> = arg[1], arg[2], arg[3]
local CALL <const> = "calls/busy@voip_only:bypass_on/ev_to_pstn"

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function capture(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read("a")
end

local scratch <const> = capture("mktemp -d"):gsub("%s+$", "")

--- Wall seconds, processor seconds and the largest resident set of the command, or nil where it
--- failed.
local function measure(command)
  local place <const> = scratch .. "/time"
  local ok <const> = os.execute(("/usr/bin/time -o %s -f '%%e %%U %%S %%M' %s >/dev/null 2>&1")
    :format(quote(place), command))
  if not ok then return nil end
  local file <close> = assert(io.open(place))
  local wall, user, system, kilobytes = file:read("n", "n", "n", "n")
  return { wall = wall, cpu = user + system, kilobytes = kilobytes }
end

local function run(words)
  return ("%s run --root %s -q -o %s %s"):format(quote(program), quote(root),
    quote(scratch .. "/out"), words)
end

local function say(name, words, each)
  local took <const> = measure(run(words))
  if not took then return print(("%-34s failed: directsip run %s"):format(name, words)) end
  each = each or 1
  print(("%-34s %8.3f s wall, %7.3f s of processors, %6d KB at most"):format(name,
    took.wall / each, took.cpu / each, took.kilobytes))
end

--- Two SIPps and a thousand calls of INVITE, 200, ACK, BYE: what making traffic alone costs. They
--- have a network of their own, so their port is free.
local function say_sipp()
  if not os.execute("command -v sipp >/dev/null && unshare -rn true 2>/dev/null") then
    return print("SIPp is not installed, or may have no network of its own: not measured")
  end
  local script <const> = "cd " .. quote(scratch) .. [[
 && ip link set lo up
sipp -sn uas -i 127.0.0.1 -p 5060 -m 1000 -nostdin -timeout 20 &
sipp -sn uac -i 127.0.0.1 -p 5070 -r 1000 -m 1000 -d 0 -nostdin -timeout 20 127.0.0.1:5060
trouble=$?
wait
exit $trouble]]
  local took <const> = measure("unshare -rn sh -c " .. quote(script))
  if not took then return print("SIPp: its calls did not all succeed") end
  print(("%-34s %8.3f s wall, %7.3f s of processors"):format("SIPp, 1000 calls at 1000 a second",
    took.wall, took.cpu))
end

print(capture(quote(parser)))
say("one call, from a cold start", quote(CALL))
say("one of a hundred in a row", quote(CALL) .. " --repeat 100 -j 1", 100)
say("one of a hundred, eight at once", quote(CALL) .. " --repeat 100 -j 8", 100)
say_sipp()
say("the suite, one run at a time", "-j 1")
say("the suite, eight at once", "-j 8")
os.execute("rm -rf " .. quote(scratch))
