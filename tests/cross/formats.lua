--- Writes the same packets in other formats with Wireshark's tools, and demands that we tell the
--- same of each: of the captures of others, where they are there, and of one of ours.
---
--- Usage: lua5.4 formats.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")

--- From a capture to the same packets in another file; `%s` are the capture and that file.
local formats <const> = {
  { name = "pcap", command = "editcap -F pcap %s %s" },
  { name = "pcap with nanoseconds", command = "editcap -F nsecpcap %s %s" },
  { name = "pcapng", command = "editcap -F pcapng %s %s" },
  { name = "gzip", command = "gzip -c %s > %s" },
}

local function listing(command)
  local _, output <const> = process.run(command)
  local words <const> = {}
  for line in output:gmatch "[^\n]+" do
    words[#words + 1] = line
  end
  return words
end

--- A simulated call over TLS, with its secrets, names and comments.
local function capture_of_ours()
  local folder <const> = process.folder() .. "/run"
  local status <const>, output <const> = process.run(process.words(program, "run", "-w", "sim", "-q",
    "--root", source, "-o", folder, "bypass/tls_trunk@voip_only:tls_trunk/pstn_to_ev"))
  process.check(status == 0, ("run ends with %d: %s"):format(status, output))
  return listing(("ls %s/*/run.pcapng"):format(process.quote(folder)))
end

--- What we say of a capture, without its name; nil, and why, where we refuse it.
local function story_of(capture)
  local command <const> = process.words(program, "show", "-n", "--all", "--root", source, capture)
  local status <const>, output <const> = process.run(command .. " 2>/dev/null")
  if status ~= 0 then
    return nil, select(2, process.run(command))
  end
  return (output:gsub(capture:gsub("%p", "%%%0"), "CAPTURE"))
end

--- Names of files' own and secrets do not survive in pcap, so ours is only packed.
local function compare_formats(capture, is_ours)
  local before <const>, why <const> = story_of(capture)
  if not process.check(before, ("show %s: %s"):format(capture, why)) then
    return
  end
  for index, format in ipairs(formats) do
    local other <const> = ("%s/%d"):format(process.folder(), index)
    if not is_ours or format.name == "gzip" or format.name == "pcapng" then
      local status <const>, output <const> = process.run(format.command:format(
        process.quote(capture), process.quote(other)))
      process.check(status == 0, ("%s as %s: %s"):format(capture, format.name, output))
      local after <const>, refusal <const> = story_of(other)
      process.check(after == before, ("%s as %s tells another story:\n%s"):format(capture,
        format.name, after or refusal))
    end
  end
end

--- Of frames: each comes twice.
local function without_numbers(story)
  return (story:gsub("#%d+%s*", "#"):gsub("in %d+ frames", ""))
end

--- The same capture as two interfaces of one file saw it: each packet counts once.
local function compare_two_points(capture)
  local both <const> = process.folder() .. "/both.pcapng"
  local status <const>, output <const> = process.run(("mergecap -I none -w %s %s %s"):format(
    process.quote(both), process.quote(capture), process.quote(capture)))
  process.check(status == 0, ("two of %s: %s"):format(capture, output))
  local before <const>, after <const> = story_of(capture), story_of(both)
  local same <const> = before and after and without_numbers(before) == without_numbers(after)
  process.check(same, ("%s seen at two points tells another story:\n%s"):format(capture,
    tostring(after)))
end

process.need "editcap"
process.need "mergecap"
local corpus <const> = process.quote(source .. "/../shared/corpus")
for _, capture in ipairs(listing("ls " .. corpus .. "/pcap/*.pcap " .. corpus
  .. "/pcap/*.pcapng 2>/dev/null")) do
  compare_formats(capture, false)
  compare_two_points(capture)
end
for _, capture in ipairs(capture_of_ours()) do
  compare_formats(capture, true)
  compare_two_points(capture)
end
process.finish()
