--- Captures of the simulated world in bad weather, read by tshark: whatever is lost, late, double
--- or in pieces, each frame is whole and right, and its experts speak of retransmissions only. Each
--- frame that a fault took says so, and the same run gives the same bytes again.
---
--- Usage: lua5.4 faults.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local frames <const> = dofile(source .. "/tests/cross/frames.lua")(process)
local folder <const> = process.folder()

local weathers <const> = {
  { "lose 10%" },
  { "duplicate 20%" },
  { "reorder 20% by 5ms" },
  { "delay 20ms jitter 20ms" },
  { "split 100" },
  { "split 7 of port 5061", "lose 2% of tcp" },
  { "merge 30ms", "lose 5%" },
  { "slow mediation 20000" },
  { "freeze pool for 700ms" },
  { "cut mediation-gateway for 900ms" },
  { "restart gateway for 700ms" },
  { "lose 5%", "duplicate 5%", "reorder 5% by 3ms", "delay 2ms jitter 2ms", "split 300" },
}

--- What tshark may say of a frame: of what was sent again, and of how connections begin and end.
local harmless <const> = {
  "retransmission", "Duplicate ACK", "Connection ", "This frame .* the connection closing",
  "Previous segment", "Out%-Of%-Order", "out%-of%-order", "ACKed segment", "lost on its way: ",
  "TCP window", "Zero", "TCP keep%-alive", "TCP Spurious", "fragment", "Ignored Unknown Record",
  "^pass ", "^fail ", "^unclear ", "Unrecognised SIP header %(ms%-",
}

--- The ports of our trunks are not those that tshark takes for SIP by itself.
local options <const> = "-N n -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE "
  .. "-o tcp.check_checksum:TRUE -o tcp.reassemble_out_of_order:TRUE -d tls.port==5061,sip "
  .. "-d tls.port==5067,sip -d tls.port==5070,sip -d tcp.port==5066,sip -d tcp.port==5068,sip"

local fields <const> = {
  "frame.number", "_ws.malformed", "ip.checksum.status", "udp.checksum.status",
  "tcp.checksum.status", "_ws.expert.message", "sip.CSeq.method", "frame.comment",
}

local function count_our_messages(capture)
  local _, ladders <const> = process.run(process.words(program, "show", "--all", "--root", source,
    capture) .. " 2>/dev/null")
  return select(2, ladders:gsub("\n%s+#%d+ [^\n]* %-> [^\n]* : ", ""))
end

local function is_harmless(message)
  for _, pattern in ipairs(harmless) do
    if message:find(pattern) then
      return true
    end
  end
  return false
end

local function run(name, faults)
  local words <const> = { program, "run", "calls/caller_clears@voip_only:bypass_off/ev_to_pstn",
    "--world", "sim", "-q", "--root", source, "-o", folder .. "/" .. name }
  for _, fault in ipairs(faults) do
    words[#words + 1] = "--fault"
    words[#words + 1] = fault
  end
  local status <const>, output <const> = process.run(process.words(table.unpack(words)))
  process.check(status <= 4, ("%s ends with %d: %s"):format(name, status, output))
  local _, listing <const> = process.run(("ls %s/*/run.pcapng"):format(
    process.quote(folder .. "/" .. name)))
  return listing:match "[^\n]+"
end

local function examine(index, faults)
  local what <const> = table.concat(faults, ", ")
  local capture <const> = run("first_" .. index, faults)
  local again <const> = run("second_" .. index, faults)
  process.check(process.read(capture) == process.read(again), what .. ": not the same bytes again")
  local theirs, lost, ours <const> = 0, 0, count_our_messages(capture)
  for _, row in ipairs(frames.ask(capture, options, fields)) do
    local number <const> = frames.first(row, "frame.number")
    process.check(#row["_ws.malformed"] == 0 and not frames.has_wrong_checksum(row),
      ("%s: malformed, or a wrong checksum: %s"):format(what, number))
    for _, message in ipairs(row["_ws.expert.message"]) do
      process.check(is_harmless(message), ("%s: tshark says of frame %s: %s"):format(what, number,
        message))
    end
    theirs = theirs + #row["sip.CSeq.method"] -- a frame may end several messages
    if table.concat(row["frame.comment"], "\n"):find("lost on its way: ", 1, true) then
      lost = lost + 1
    end
  end
  process.check(theirs > 20 and theirs == ours,
    ("%s: tshark sees %d SIP messages, we see %d"):format(what, theirs, ours))
  local loses <const> = what:find "lose" or what:find "cut" or what:find "restart"
  process.check((lost > 0) == (loses ~= nil), ("%s: %d frames say that they were lost"):format(what,
    lost))
end

process.need "tshark"
for index, faults in ipairs(weathers) do
  examine(index, faults)
end
process.finish()
