--- Reads the same captures with tshark and with directsip, and demands that both saw the same.
---
--- Usage: lua5.4 tshark.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local frames <const> = dofile(source .. "/tests/cross/frames.lua")(process)

--- One run for each way that a call may take through a network: bypass on and off, bypass IDs that
--- differ, trunks over TCP and TLS, every option, held, refused and cancelled calls, digits, Edge.
--- The remote worker makes two calls.
local runs <const> = {
  "calls/caller_clears@behind_pbx:bypass_on/pstn_to_ev",
  "calls/caller_clears@in_front_of_pbx:bypass_off/ev_to_pbx",
  "calls/caller_clears@direct_sip_partner:other_site/ev_to_pstn",
  "calls/callee_clears@voip_only:bypass_on/ev_to_ev",
  "calls/busy@behind_pbx:bypass_on/pbx_to_ev",
  "calls/cancelled@voip_only:bypass_off/pstn_to_ev",
  "bypass/tls_trunk@behind_pbx:tls_trunk/ev_to_pstn",
  "bypass/tls_trunk@voip_only:tls_trunk/pstn_to_ev",
  "hold/hold_and_resume*voip_only*",
  "media/digits*voip_only*",
  "registration/remote_worker*",
}

--- The ports of our trunks are not those that tshark takes for SIP by itself.
local options <const> = "-N n -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE "
  .. "-o tcp.check_checksum:TRUE -o rtp.heuristic_rtp:TRUE -d tls.port==5061,sip "
  .. "-d tls.port==5067,sip -d tls.port==5070,sip -d tcp.port==5066,sip -d tcp.port==5068,sip "
  .. "-z rtp,streams"

local fields <const> = {
  "frame.number", "ip.src", "ip.dst", "ip.src_host", "ip.dst_host", "udp.srcport", "udp.dstport",
  "tcp.srcport", "tcp.dstport", "sip", "sip.Method", "sip.Status-Code", "sip.Call-ID",
  "_ws.malformed", "icmp", "ip.checksum.status", "udp.checksum.status", "tcp.checksum.status",
  "frame.comment", "tls.handshake.type",
}

--- What follows the arrow in our ladder, as far as tshark has a field for it: method or status.
local function word_of(label)
  return label:match "^(%d%d%d)" or label:match "^(%u+)"
end

--- Our messages by frame, each in the block (a call, or a leg outside calls) that it was shown in,
--- and our audio by "from > to".
local function read_ladders(capture)
  local status <const>, output <const> = process.run(process.words(program, "show", "-n", "--all",
    "--root", source, capture))
  process.check(status == 0, ("show %s ends with %d: %s"):format(capture, status, output))
  local seen <const> = { messages = {}, count = 0, flows = {}, calls = 0, lost = 0, legs = {} }
  local block
  for line in output:gmatch "[^\n]+" do
    local frame <const>, from <const>, to <const>, label <const> =
      line:match "^%s+#(%d+)%s+[%d.]+%s+(%S+)%s+%->%s+(%S+)%s+:%s(.*)$"
    local near <const>, far <const>, there <const>, back <const>, lost <const> =
      line:match "^  audio  (%S+) =[=>] (%S+)  %S+  (%d+)[ +]*(%d*) packets, lost (%d+)"
    if frame and not seen.messages[frame] then -- of two in a frame tshark's row tells the first
      seen.messages[frame] = { from = from, to = to, word = word_of(label), block = block }
      seen.count = seen.count + 1
    elseif near then
      seen.flows[near .. " > " .. far] = tonumber(there)
      seen.flows[far .. " > " .. near] = tonumber(back)
      seen.lost = seen.lost + tonumber(lost)
    elseif line:match "^%S" then
      block = line
      seen.calls = seen.calls + (line:match "^Call " and 1 or 0)
      seen.legs[line:match "^Outside calls  (%S+)" or ""] = true
    end
  end
  return seen
end

--- Where a frame came from or went to (`end_of` is "src" or "dst").
local function place_of(row, end_of)
  return ("%s:%s"):format(frames.first(row, "ip." .. end_of),
    frames.first(row, ("udp.%sport"):format(end_of))
      .. frames.first(row, ("tcp.%sport"):format(end_of)))
end

--- Every message, where it came from and went, and what it was.
local function compare_messages(id, rows, ours)
  process.check(#rows > 4, id .. ": tshark sees next to no SIP")
  process.check(#rows == ours.count,
    ("%s: tshark sees %d SIP messages, we see %d"):format(id, #rows, ours.count))
  local block_of <const> = {}
  for _, row in ipairs(rows) do
    local frame <const>, call_id <const> =
      frames.first(row, "frame.number"), frames.first(row, "sip.Call-ID")
    local from <const>, to <const> = place_of(row, "src"), place_of(row, "dst")
    local word <const> = row["sip.Status-Code"][1] or frames.first(row, "sip.Method")
    local our <const> = ours.messages[frame]
    local unseen <const> = ("%s: frame %s is %s to tshark, nothing to us"):format(id, frame, word)
    if process.check(our, unseen) then
      local same <const> = our.from == from and our.to == to and our.word == word
      process.check(same, ("%s: frame %s is %s %s -> %s to tshark, %s %s -> %s to us"):format(id,
        frame, word, from, to, our.word, our.from, our.to))
      block_of[call_id] = block_of[call_id] or our.block
      process.check(block_of[call_id] == our.block,
        ("%s: the messages of Call-ID %s are in two places of ours"):format(id, call_id))
    end
  end
  return block_of
end

--- Call-IDs outside calls are printed, and those of a call's legs are all in one block.
local function compare_call_ids(id, calls, block_of, ours)
  local in_calls = 0
  for call_id, block in pairs(block_of) do
    local is_call <const> = block:match "^Call " ~= nil
    in_calls = in_calls + (is_call and 1 or 0)
    process.check(is_call or ours.legs[call_id],
      ("%s: we have no Call-ID %s"):format(id, call_id))
  end
  process.check(ours.calls == calls, ("%s: we see %d calls of %d Call-IDs"):format(id, ours.calls,
    in_calls))
end

--- Every stream of audio, by where it came from and went: tshark tells one for each SSRC.
local function compare_streams(id, statistics, addresses, ours)
  local theirs <const>, all_lost = {}, 0
  local stream <const> = "^%s*[%d.]+%s+[%d.]+%s+(%S+)%s+(%d+)%s+(%S+)%s+(%d+)%s+0x%x+%s+"
    .. ".-%s(%d+)%s+(%-?%d+) %("
  for line in statistics:gmatch "[^\n]+" do
    local from <const>, from_port <const>, to <const>, to_port <const>, packets <const>,
      lost <const> = line:match(stream)
    if from then
      local flow <const> = ("%s:%s > %s:%s"):format(addresses[from], from_port, addresses[to],
        to_port)
      theirs[flow] = (theirs[flow] or 0) + tonumber(packets)
      all_lost = all_lost + tonumber(lost)
    end
  end
  for flow, packets in pairs(theirs) do
    process.check(ours.flows[flow] == packets, ("%s: %s has %d packets to tshark, %s to us"):format(
      id, flow, packets, ours.flows[flow] or "none"))
  end
  for flow in pairs(ours.flows) do
    process.check(theirs[flow], ("%s: %s is no stream to tshark"):format(id, flow))
  end
  process.check(all_lost == ours.lost, ("%s: %d packets are lost to tshark, %d to us"):format(id,
    all_lost, ours.lost))
  return next(theirs) ~= nil
end

--- The address of each name, by which tshark tells streams too. Were it the name of two, none of
--- both would be known by it.
local function read_addresses(id, rows)
  local addresses <const> = {}
  for _, row in ipairs(rows) do
    for _, end_of in ipairs { "src", "dst" } do
      local name <const> = frames.first(row, ("ip.%s_host"):format(end_of))
      local address <const> = frames.first(row, "ip." .. end_of)
      process.check((addresses[name] or address) == address,
        ("%s: %s is the name of %s and %s"):format(id, name, address, addresses[name]))
      addresses[name] = address
    end
  end
  return addresses
end

--- The file itself: whole packets, checksums, names, remarks, and secrets that open its TLS.
local function examine_file(id, rows, messages)
  local remarks, opened <const> = 0, {}
  for _, row in ipairs(messages) do
    local from <const>, to <const> =
      frames.first(row, "ip.src_host"), frames.first(row, "ip.dst_host")
    process.check(from:match "^%l" and to:match "^%l",
      ("%s: SIP from %s to %s, and not by name"):format(id, from, to))
    opened[frames.first(row, "tcp.dstport")] = true
  end
  for _, row in ipairs(rows) do
    -- A packet quoted by ICMP has the checksum that the sending machine left to its interface.
    local is_right <const> = #row.icmp > 0 or not frames.has_wrong_checksum(row)
    process.check(#row["_ws.malformed"] == 0 and is_right, ("%s: frame %s is malformed or has a wrong checksum")
      :format(id, row["frame.number"][1]))
    local port <const> = frames.first(row, "tcp.dstport")
    process.check(not frames.has(row, "tls.handshake.type", "1") or opened[port],
      ("%s: tshark cannot open the TLS at port %s"):format(id, port))
    if table.concat(row["frame.comment"], "\n"):find("pass ", 1, true) then
      remarks = remarks + 1
    end
  end
  process.check(remarks > 0, id .. ": no frame says what it proves")
end

local function compare(pattern, calls)
  local folder <const> = process.folder() .. "/" .. pattern:gsub("%W", "_")
  local status <const>, output <const> = process.run(process.words(program, "run", pattern, "-q",
    "--root", source, "-o", folder))
  local failure <const> = ("run %s ends with %d: %s"):format(pattern, status, output)
  if not process.check(status == 0, failure) then
    return false
  end
  local _, listing <const> = process.run(("ls %s/*/run.pcapng | head -n 1"):format(
    process.quote(folder)))
  local capture <const> = listing:match "[^\n]+"
  local ours <const> = read_ladders(capture)
  local rows <const>, statistics <const> = frames.ask(capture, options, fields)
  local messages <const> = {}
  for _, row in ipairs(rows) do
    messages[#messages + 1] = #row.sip > 0 and row or nil
  end
  examine_file(pattern, rows, messages)
  compare_call_ids(pattern, calls, compare_messages(pattern, messages, ours), ours)
  return compare_streams(pattern, statistics, read_addresses(pattern, rows), ours)
end

process.need "tshark"
local with_audio = 0
for _, pattern in ipairs(runs) do
  with_audio = with_audio + (compare(pattern, pattern:match "remote" and 2 or 1) and 1 or 0)
end
process.check(with_audio >= 6, ("only %d runs had audio to compare"):format(with_audio))
process.finish()
