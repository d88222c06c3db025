--- The figures of every stream, ours beside tshark's: of the corpus, and of simulated calls whose
--- audio is lost, doubled, overtaken and late on its way to a relay, which passes on what it gets.
---
--- Usage: lua5.4 streams.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")

local weathers <const> = {
  "lose 5% of udp", "duplicate 10% of udp", "reorder 10% by 45ms of udp",
  "delay 20ms jitter 15ms of udp", "lose 20% of udp and dst host mediation",
}

--- Means are over slightly different packets where comfort noise comes between.
local MEAN_TOLERANCE_MS <const>, MAX_TOLERANCE_MS <const> = 0.05, 0.002

--- One reading of our line, or of tshark's, by "from > to ssrc".
local function read_ours(capture)
  local status <const>, output <const> = process.run(process.words(program, "show", "-n", "--streams",
    "--root", source, capture))
  process.check(status == 0, ("show %s ends with %d: %s"):format(capture, status, output))
  local seen <const> = {}
  for line in output:gmatch "[^\n]+" do
    local from <const>, to <const>, ssrc <const>, codec <const>, figures <const> =
      line:match "^  audio  (%S+) > (%S+)  0x(%x+)  (%S+)(.*)$"
    if from then
      seen[("%s > %s %s"):format(from, to, ssrc)] = {
        codec = codec,
        packets = tonumber(figures:match "(%d+) packets"),
        lost = tonumber(figures:match "lost (%d+)"),
        twice = tonumber(figures:match "twice (%d+)"),
        restarts = tonumber(figures:match "begun anew (%d+)" or "0"),
        out_of_order = tonumber(figures:match "out of order (%d+)"),
        mean = tonumber(figures:match "jitter ([%d.]+) ms"),
        max = tonumber(figures:match "at most ([%d.]+) ms"),
      }
    end
  end
  return seen
end

local function read_theirs(capture)
  local _, output <const> = process.run(
    ("tshark -n -o rtp.heuristic_rtp:TRUE -q -z rtp,streams -r %s 2>/dev/null"):format(
      process.quote(capture)))
  local seen <const> = {}
  for line in output:gmatch "[^\n]+" do
    local from <const>, from_port <const>, to <const>, to_port <const>, ssrc <const>,
      packets <const>, lost <const>, rest <const> = line:match(
      "^%s*[%d.]+%s+[%d.]+%s+(%S+)%s+(%d+)%s+(%S+)%s+(%d+)%s+0x(%x+)%s+.-%s(%d+)%s+(%-?%d+) %((.*)$")
    if from then
      local figures <const> = {}
      for figure in rest:gmatch "%s(%-?[%d.]+)" do
        figures[#figures + 1] = tonumber(figure)
      end
      seen[("%s:%s > %s:%s %s"):format(from, from_port, to, to_port, ssrc:lower())] = {
        packets = tonumber(packets), lost = tonumber(lost), mean = figures[5], max = figures[6],
      }
    end
  end
  return seen
end

local function near(a, b, tolerance)
  return math.abs(a - b) <= tolerance
end

--- What tshark measures otherwise: it has no jitter of events, takes each packet of a picture for a
--- sample of its own, and leaves packets out that were overtaken.
local function has_like_jitter(ours)
  return ours.codec ~= "telephone-event" and ours.codec ~= "H263" and ours.twice == 0
    and ours.out_of_order == 0
end

--- tshark takes what came twice from what is lost, and a stream to begin with its first packet to
--- arrive, so that those it overtook are less than lost.
local function compare_stream(id, ours, theirs)
  process.check(ours.packets == theirs.packets, ("%s: %d packets to tshark, %d to us"):format(id,
    theirs.packets, ours.packets))
  local less <const> = ours.lost - ours.twice - theirs.lost
  process.check(less >= 0 and less <= ours.out_of_order,
    ("%s: %d lost to tshark, %d - %d to us"):format(id, theirs.lost, ours.lost, ours.twice))
  if has_like_jitter(ours) then
    process.check(near(ours.mean, theirs.mean, MEAN_TOLERANCE_MS)
      and near(ours.max, theirs.max, MAX_TOLERANCE_MS),
      ("%s: jitter %g and %g ms to tshark, %g and %g to us"):format(id, theirs.mean, theirs.max,
        ours.mean, ours.max))
  end
end

--- The streams of a capture that both know; `skip` says of some that they are known to differ.
local function compare(name, capture, skip)
  local ours <const>, theirs <const> = read_ours(capture), read_theirs(capture)
  local count, total <const> = 0, { lost = 0, twice = 0, out_of_order = 0, jitter = 0 }
  for id, stream in pairs(theirs) do
    local our <const> = ours[id]
    if process.check(our, ("%s: %s is no stream to us"):format(name, id)) and not skip then
      compare_stream(name .. ": " .. id, our, stream)
    end
    count = count + 1
  end
  for id, our in pairs(ours) do
    process.check(theirs[id], ("%s: %s is no stream to tshark"):format(name, id))
    total.lost, total.twice = total.lost + our.lost, total.twice + our.twice
    total.out_of_order = total.out_of_order + our.out_of_order
    total.jitter = math.max(total.jitter, our.max)
  end
  return count, total
end

local function run(index, fault)
  local folder <const> = process.folder() .. "/weather_" .. index
  local status <const>, output <const> = process.run(process.words(program, "run",
    "calls/caller_clears@voip_only:bypass_off/ev_to_pstn", "--world", "sim", "-q", "--root", source,
    "--fault", fault, "-o", folder))
  process.check(status <= 4, ("%s ends with %d: %s"):format(fault, status, output))
  local _, listing <const> = process.run(("ls %s/*/run.pcapng"):format(process.quote(folder)))
  return listing:match "[^\n]+"
end

--- tshark counts packets that ICMP errors quote as sent, which were on the wire once only.
local quoted <const> = {
  ["isa_call_auth.pcap"] = true, ["isa_call_auth.pcapng"] = true, ["sn_sip-rtp-g711.pcap"] = true,
  ["rtpproxy_srtp1.o.rtp"] = true,
}

local function compare_corpus()
  local corpus <const> = source .. "/../shared/corpus"
  local _, listing <const> = process.run(("ls %s/pcap/*.pcap* %s/rtp/*.pcap %s/rtp/*.rtp 2>/dev/null"):format(
    process.quote(corpus), process.quote(corpus), process.quote(corpus)))
  local count = 0
  for capture in listing:gmatch "[^\n]+" do
    local name <const> = capture:match "[^/]+$"
    count = count + (compare(name, capture, quoted[name]))
  end
  if count == 0 then
    print("skipped: shared/corpus is not here")
  else
    process.check(count > 15, ("only %d streams of the corpus were compared"):format(count))
  end
end

process.need "tshark"
compare_corpus()
local seen <const> = { lost = 0, twice = 0, out_of_order = 0, jitter = 0 }
for index, fault in ipairs(weathers) do
  local streams <const>, total <const> = compare(fault, run(index, fault))
  process.check(streams >= 4, ("%s: only %d streams"):format(fault, streams))
  for figure, value in pairs(total) do
    seen[figure] = math.max(seen[figure], value)
  end
end
for figure, value in pairs(seen) do
  process.check(value > 0, ("no weather made any audio %s"):format(figure))
end
process.finish()
