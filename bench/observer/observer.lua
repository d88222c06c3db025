--- Reading captures: how many packets and megabytes a second of processor time, and how much memory
--- at most, beside what others read the same files with. Run as
--- `lua5.4 observer.lua PROGRAM SOURCE_ROOT CAPTURES FLOOR [MEGABYTES]`.

local program <const>, root <const>, captures <const>, floor <const> = table.unpack(arg, 1, 4)
local megabytes <const> = tonumber(arg[5] or os.getenv("MEGABYTES")) or 200
local PATIENCE_S <const> = 120 -- one that takes longer is not waited for again
local ROUNDS <const> = megabytes > 200 and 1 or 3

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function capture(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read("a")
end

local scratch <const> = capture("mktemp -d"):gsub("%s+$", "")

local function say(fmt, ...)
  print(fmt:format(...))
end

--- Processor seconds and peak memory of the command; nil where it failed. `check` ends with 1 or 4
--- where a requirement is not met, which these captures do not try to.
local function measure(command, may_fail)
  local place <const> = scratch .. "/time"
  local timed <const> = "timeout -k 1 %d /usr/bin/time -q -o %s -f '%%U %%S %%M' %s >/dev/null 2>&1"
  local _, _, code <const> = os.execute(timed:format(PATIENCE_S, quote(place), command))
  if code ~= 0 and not (may_fail and (code == 1 or code == 4)) then return nil end
  local file <close> = assert(io.open(place))
  local user, system, kilobytes = file:read("n", "n", "n")
  return { cpu = user + system, megabytes = kilobytes / 1024 }
end

--- Each reads `%s`; the first is what the others are told as ratios to.
local readers <const> = {
  { name = "directsip calls", command = quote(program) .. " calls %s" },
  { name = "directsip show", command = quote(program) .. " show --text %s" },
  { name = "directsip check", may_fail = true,
    command = quote(program) .. " check --root " .. quote(root) .. " --topology voip_only %s" },
  { name = "tshark", command = "tshark -q -n -z sip,stat -z rtp,streams -r %s" },
  { name = "sngrep", command = "sngrep -q -N -r -L 200000 -I %s </dev/null" },
  { name = "capinfos", command = "capinfos -c -u -e %s" },
  { name = "the floor", command = quote(floor) .. " %s" },
}

local function is_there(reader)
  return os.execute("command -v " .. reader.command:match("^%S+") .. " >/dev/null")
end

--- The best of some rounds, in which all take their turn: a busy machine is busy for each of them.
local function measure_all(file)
  local best <const>, failed <const> = {}, {}
  for _ = 1, ROUNDS do
    for _, reader in ipairs(readers) do
      local took <const> = is_there(reader) and not failed[reader] and
        measure(reader.command:format(quote(file)), reader.may_fail)
      failed[reader] = not took
      local before <const> = best[reader]
      if took and (not before or took.cpu < before.cpu) then best[reader] = took end
    end
  end
  return best
end

local function say_reader(reader, took, first, packets, size)
  if not took then return say("  %-16s not installed, failed, or took more than %d s", reader.name,
    PATIENCE_S) end
  -- GNU time counts hundredths.
  local cpu <const> = math.max(took.cpu, 0.01)
  say("  %-16s %6.2f s %9.0f packets/s %7.0f MB/s %6.0f MB   %6.2f times %s", reader.name, cpu,
    packets / cpu, size / 1e6 / cpu, took.megabytes, cpu / math.max(first.cpu, 0.01),
    readers[1].name)
end

local function say_kind(kind, title)
  local file <const> = scratch .. "/" .. kind .. ".pcapng"
  assert(os.execute(("%s %s %d %s"):format(quote(captures), kind, megabytes, quote(file))))
  local packets <const> = tonumber(capture(quote(floor) .. " " .. quote(file)):match("^%d+"))
  local handle <close> = assert(io.open(file))
  local size <const> = handle:seek("end")
  say("%s: %d packets, %.0f MB", title, packets, size / 1e6)
  local best <const> = measure_all(file)
  local first <const> = assert(best[readers[1]], "directsip could not read " .. file)
  for _, reader in ipairs(readers) do say_reader(reader, best[reader], first, packets, size) end
  os.remove(file)
end

say_kind("sip", "10,000 calls, SIP alone")
say_kind("mix", "short calls, 7 % SIP and 93 % RTP")
say_kind("open", "2,000 calls open at once, two legs each")
os.execute("rm -rf " .. quote(scratch))
