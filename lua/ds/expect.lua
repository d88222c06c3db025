--- What a scenario expects of the capture: `wire:call()`, its path, ladder, audio and fax.
---
--- Each expectation leaves a finding with the scenario's own line, and gives back what it was asked
--- of, so that expectations can be chained. Nothing is expected of what was not seen.

local core <const> = require "ds.core"
local ds <const> = require "ds"
local Fax <const> = require "ds.fax"
local finding <const> = require "ds.finding"
local ladder <const> = require "ds.ladder"
local nearest <const> = require "ds.nearest"
local VoiceMail <const> = require "ds.voice_mail"

local expect <const> = {}

local found <const>, judge <const>, is_at <const> = finding.found, finding.judge, finding.is_at

---@class ds.Audio
local Audio <const> = {}
Audio.__index = Audio

---@class ds.CallSeen
local Call <const> = {}
Call.__index = Call

--- A call that was not there: every expectation of it is not-seen, and says so once.
local Missing <const> = {}
Missing.__index = function(_, _)
  return function(self) return self end
end

-- ---- the call ----

local function first_frame(call)
  return call.hops[1] and { call.hops[1].frame } or {}
end


function Call:answered()
  judge(self.outcome == "answered", first_frame(self), "the call to %s was %s", self.to_number,
    self.outcome)
  return self
end

function Call:cancelled()
  judge(self.outcome == "cancelled", first_frame(self), "the call to %s was %s", self.to_number,
    self.outcome)
  return self
end

function Call:refused(status)
  local holds <const> = self.outcome == "refused" and (status == nil or self.status == status)
  judge(holds, first_frame(self), "the call to %s was %s with %d%s", self.to_number, self.outcome,
    self.status, (holds or not status) and "" or (", expected %d"):format(status))
  return self
end

function Call:cleared_by(who)
  local name <const> = who == "caller" and self.caller or who == "callee" and self.callee or who
  judge(self.bye_from == name, { self.bye_frame }, "the first BYE came from %s",
    self.bye_from or "nobody")
  return self
end

--- Where two roads part: "they part at element 3, med where gateway was expected".
local function fork(call, seen, expected)
  for index = 1, math.max(#seen, #expected) do
    if not (seen[index] and expected[index] and is_at(call, seen[index], expected[index])) then
      return index, ("they part at element %d, %s where %s was expected"):format(index,
        seen[index] or "the end", expected[index] or "the end")
    end
  end
end

--- The elements that the INVITE passed, in order; roles or names.
function Call:path(expected)
  local seen <const> = {}
  for _, hop in ipairs(self.hops) do
    if #seen == 0 then
      seen[1] = hop.from
    end
    seen[#seen + 1] = hop.to
  end
  local index <const>, parting = fork(self, seen, expected)
  local hop <const> = index and self.hops[math.min(math.max(index - 1, 1), #self.hops)]
  judge(not index, hop and { hop.frame } or first_frame(self), "the INVITE went %s%s",
    table.concat(seen, " > "),
    index and (", expected %s; %s"):format(table.concat(expected, " > "), parting) or "")
  return self
end

--- The frames of a list's items that leave or reach an element.
local function frames_at(call, list, name, frames)
  for _, item in ipairs(list) do
    if is_at(call, item.from, name) or is_at(call, item.to, name) then
      frames[#frames + 1] = item.frame or item.first_frame
    end
  end
end

-- ---- against the plan ----

--- The elements of the INVITEs that got through; what was tried in vain is no part of the way.
local function way_of(call)
  local way <const>, frames = {}, {}
  for _, hop in ipairs(call.hops) do
    if hop.status >= 200 and hop.status < 300 then
      way[#way + 1] = #way == 0 and hop.from or nil
      way[#way + 1] = hop.to
      frames[#frames + 1] = hop.frame
    end
  end
  return table.concat(way, " > "), frames
end

--- The pairs of elements that exchange audio, each once and in order of their names.
local function audio_pairs(pairs_of)
  local list <const>, known = {}, {}
  for _, pair in ipairs(pairs_of) do
    local a <const>, b = pair[1], pair[2]
    local text <const> = a < b and a .. "=" .. b or b .. "=" .. a
    if a ~= b and not known[text] then
      known[text] = true
      list[#list + 1] = text
    end
  end
  table.sort(list)
  return table.concat(list, " ")
end

local function audio_seen(call)
  local list <const>, frames = {}, {}
  for _, flow in ipairs(call.flows) do
    list[#list + 1], frames[#frames + 1] = { flow.from, flow.to }, flow.first_frame
  end
  return audio_pairs(list), frames
end

local function audio_planned(way)
  local list <const> = {}
  for index = 2, #way do
    list[#list + 1] = { way[index - 1], way[index] }
  end
  return audio_pairs(list)
end

--- Who had the INVITE last, of those that the plan has it pass before the element that failed.
local function judge_stop(call, usual, without)
  local last = usual[1]
  local index = 1
  for _, hop in ipairs(call.hops) do
    if hop.from == last and hop.to == usual[index + 1] then
      last, index = hop.to, index + 1
    end
  end
  local near <const> = last == without or usual[index + 1] == without
  judge(near and index == #call.hops + 1, first_frame(call),
    "without %s the INVITE came to %s; the plan has it go %s", without, last,
    table.concat(usual, " > "))
end

local function judge_ways(call, way, audio)
  local seen <const>, frames = way_of(call)
  local planned <const> = table.concat(way, " > ")
  judge(seen == planned, frames, "the call went %s; the plan says %s", seen, planned)
  local heard <const>, audio_frames = audio_seen(call)
  local wanted <const> = audio_planned(audio)
  judge(heard == wanted, audio_frames, "audio went %s; the plan says %s", heard, wanted)
end

--- Its way and its audio as the plan has them; of several that such calls take in turn, the one that
--- this call took.
local function planned_for(call, without)
  local way <const>, audio <const>, turns <const> =
    core.planned(call.caller, call.to_number, without)
  for turn = 1, (turns or 1) - 1 do
    local other <const>, other_audio <const> =
      core.planned(call.caller, call.to_number, without, turn)
    if other and table.concat(other, " > ") == way_of(call) then
      return other, other_audio
    end
  end
  return way, audio
end

--- It did what `directsip plan` says of it, where the element `without` (or none) has failed.
function Call:as_planned(without)
  local usual <const> = planned_for(self)
  local way <const>, audio <const> = planned_for(self, without)
  local planned <const> = way and "is answered" or "stops"
  judge((self.outcome == "answered") == (way ~= nil), first_frame(self),
    "the call to %s was %s; the plan says it %s", self.to_number, self.outcome, planned)
  if way then
    judge_ways(self, way, audio)
  elseif usual then
    judge_stop(self, usual, without)
  end
  return self
end

--- `element` failed so long after the answer: its ends heard one another from then on only where the
--- plan has their audio pass it by.
function Call:outlives_as_planned(element, after_us)
  local _ <const>, audio <const> = planned_for(self)
  local passes = false
  for _, name in ipairs(audio or {}) do
    passes = passes or name == element
  end
  local heard = false
  for _, flow in ipairs(self.flows) do
    if flow.to == self.caller or flow.to == self.callee then
      heard = true
      local later <const> = flow.last_at - self.answered_at > after_us + ds.s
      judge(later ~= passes, { flow.last_frame },
        "%s heard %s %s the failure of %s; the plan says %s", flow.to, flow.from,
        later and "long after" or "until", element, passes and "until" or "long after")
    end
  end
  if not heard then
    found("not-seen", {}, "there was no audio for %s to outlive", element)
  end
  return self
end

--- Elements (names or roles) that neither signalled nor carried audio for this call.
function Call:silent(names)
  for _, name in ipairs(names) do
    local frames <const> = {}
    frames_at(self, self.events, name, frames)
    frames_at(self, self.flows, name, frames)
    judge(#frames == 0, frames, "%s took part in %d messages and streams", name, #frames)
  end
  return self
end

--- One arrow a line; `...` admits anything, `100` is ignored unless written.
function Call:ladder(text)
  local arrows <const>, mistake = ladder.parse(text)
  if not arrows then
    error(mistake, 2)
  end
  local trouble <const>, frames = ladder.compare(arrows, self)
  judge(not trouble, frames or first_frame(self), "%s", trouble or "the ladder is as written")
  return self
end

-- ---- when it is sent ----

---@class ds.Schedule
local Schedule <const> = {}
Schedule.__index = Schedule

--- Every sending of one message from one element to another, the later ones of it included.
local function schedule(roles, events, from, to, label)
  local seen <const> = { roles = roles }
  local what <const> = ("%s from %s to %s"):format(label, from, to)
  local made <const> = { what = what, times = {}, frames = {} }
  made.nearest = function()
    return nearest.find(roles, events, 1, { from = from, to = to, label = label })
  end
  for _, event in ipairs(events) do
    local between <const> = is_at(seen, event.from, from) and is_at(seen, event.to, to)
    if between and ladder.says(event, label) then
      made.first_at = made.first_at or event.at
      made.times[#made.times + 1] = event.at - made.first_at
      made.frames[#made.frames + 1] = event.frame
    end
  end
  return setmetatable(made, Schedule)
end

--- The place at which two lists part, or nil.
local function parting(expected, seen, within_us)
  for index = 1, math.max(#expected, #seen) do
    local off <const> = expected[index] and seen[index] and math.abs(expected[index] - seen[index])
    if not off or off > within_us then
      return index
    end
  end
end

--- To the microsecond: "500 ms", "900.0004 s".
local function durations(times)
  local list <const> = {}
  for index, time in ipairs(times) do
    local unit <const> = time < ds.s and ds.ms or ds.s
    local amount <const> = ("%.6f"):format(time / unit):gsub("0+$", ""):gsub("%.$", "")
    list[index] = amount .. (unit == ds.s and " s" or " ms")
  end
  return #list > 0 and table.concat(list, ", ") or "never"
end

--- Then and no other time, counted from the first sending; exactly, where no tolerance is named.
function Schedule:at(times, within_us)
  local index <const> = parting(times, self.times, within_us or 0)
  local first <const> = math.min(index or 1, #self.frames)
  local frames <const> = table.move(self.frames, first, #self.frames, 1, {})
  if not index then
    judge(true, frames, "%s: sent at %s", self.what, durations(times))
  else
    local near <const> = #self.times == 0 and self.nearest()
    judge(false, near and { near.event.frame } or frames,
      "%s: expected at %s; seen at %s; %s", self.what, durations(times), durations(self.times),
      near and nearest.clause(near) or ("they part at sending %d"):format(index))
  end
  return self
end

--- What one element sends to another in this call: `call:sends("gateway", "pstn", "INVITE")`.
function Call:sends(from, to, label)
  return schedule(self.roles, self.events, from, to, label)
end

function Call:audio()
  return setmetatable({ seen = self, last = nil }, Audio)
end

-- ---- its audio ----

--- Streams between two elements, one way.
function Call:fax()
  return setmetatable({ seen = self }, Fax)
end

function Call:voice_mail()
  return setmetatable({ seen = self }, VoiceMail)
end

local function streams(self, from, to)
  local result <const> = {}
  for _, flow in ipairs(self.seen.flows) do
    if is_at(self.seen, flow.from, from) and is_at(self.seen, flow.to, to) then
      result[#result + 1] = flow
    end
  end
  return result
end

local function packets(list)
  local count, frames = 0, {}
  for _, flow in ipairs(list) do
    count = count + flow.packets
    frames[#frames + 1] = flow.first_frame
  end
  return count, frames
end

--- What else one end sent, or the other received, where nothing went between the two.
local function other_streams(self, from, to)
  local list <const>, frames = {}, {}
  for _, flow in ipairs(self.seen.flows) do
    if is_at(self.seen, flow.from, from) or is_at(self.seen, flow.to, to) then
      list[#list + 1] = ("%d from %s to %s"):format(flow.packets, flow.from, flow.to)
      frames[#frames + 1] = flow.first_frame
    end
  end
  return #list > 0 and "; the nearest seen were " .. table.concat(list, ", ") or "", frames
end

local function judge_flow(self, from, to, list)
  local count <const>, frames = packets(list)
  local others, nearest_frames = "", frames
  if count == 0 then
    others, nearest_frames = other_streams(self, from, to)
  end
  judge(count > 0, nearest_frames, "%d RTP packets from %s to %s%s", count, from, to, others)
end

--- Audio flows from `from` to `to`; what follows speaks of these two.
function Audio:flows(from, to)
  local list <const> = streams(self, from, to)
  judge_flow(self, from, to, list)
  self.last = { from = from, to = to, list = list }
  return self
end

--- The two ends of the call. One that is no element of the topology has no name, and hears nothing.
local function ends(self)
  return self.seen.caller or "the caller", self.seen.callee or "the callee"
end

--- What an end hears: streams that reach it from anywhere.
local function heard_at(self, name)
  local list <const> = {}
  for _, flow in ipairs(self.seen.flows) do
    if is_at(self.seen, flow.to, name) then
      list[#list + 1] = flow
    end
  end
  return list
end

--- After `flows`: the other way too. Without it: audio reaches both ends of the call.
function Audio:both_ways()
  if self.last then
    local from <const>, to = self.last.to, self.last.from
    judge_flow(self, from, to, streams(self, from, to))
    return self
  end
  for _, name in ipairs { ends(self) } do
    local count <const>, frames = packets(heard_at(self, name))
    judge(count > 0, frames, "%d RTP packets reached %s", count, name)
  end
  return self
end

--- By the capture's time, or by the sender's own, which no busy machine between the two can bend.
local function length_us(list)
  local longest = 0
  for _, flow in ipairs(list) do
    local spoken <const> = (flow.packets - 1) * flow.packet_time
    longest = math.max(longest, flow.last_at - flow.first_at, spoken)
  end
  return longest
end

--- What an expectation without names speaks of, with what to call it: the streams of the last
--- `flows`, else what reached each end.
local function spoken_of(self)
  if self.last then
    return { { self.last.from .. " to " .. self.last.to, self.last.list } }
  end
  local lists <const> = {}
  for _, name in ipairs { ends(self) } do
    lists[#lists + 1] = { "to " .. name, heard_at(self, name) }
  end
  return lists
end

--- The last named stream, or what reached each end, lasted so long.
function Audio:for_at_least(duration_us)
  for _, entry in ipairs(spoken_of(self)) do
    local lasted <const> = length_us(entry[2])
    local _ <const>, frames = packets(entry[2])
    judge(lasted >= duration_us, frames, "audio %s lasted %s, at least %s was expected",
      entry[1], ds.duration(lasted), ds.duration(duration_us))
  end
  return self
end

--- Judges each stream that is spoken of by `holds`, which may also say that nobody can tell (nil).
local function judge_streams(self, holds, sentence)
  for _, entry in ipairs(spoken_of(self)) do
    if #entry[2] == 0 then
      found("not-seen", {}, "there was no audio %s", entry[1])
    end
    for _, flow in ipairs(entry[2]) do
      local held <const> = holds(flow)
      found(held == nil and "unclear" or held and "pass" or "fail", { flow.first_frame },
        "%s audio from %s to %s %s", flow.codec, flow.from, flow.to, sentence(flow))
    end
  end
  return self
end

--- Every stream has this mean opinion score, by the E-model (ITU-T G.107), or a better one.
function Audio:mos_at_least(score)
  return judge_streams(self, function(flow)
    if flow.mos > 0 then
      return flow.mos >= score
    end
  end, function(flow)
    return flow.mos == 0 and "has no score: its codec has no figures in G.113"
      or ("has a MOS of %.2f, at least %.2f was expected"):format(flow.mos, score)
  end)
end

--- The share of a stream's packets that are missing: from the capture, or, where its listener
--- reported more, from what reached the listener.
local function loss_of(flow)
  local sent <const> = flow.packets - flow.duplicates + flow.lost
  return math.min(1, math.max(flow.lost, flow.told_lost) / math.max(1, sent))
end

--- Of each stream no larger share than this is lost: 0.01 is one packet in a hundred.
function Audio:lost_at_most(share)
  return judge_streams(self, function(flow) return loss_of(flow) <= share end, function(flow)
    return ("lost %.2f %% of its packets, at most %.2f %% was expected"):format(
      100 * loss_of(flow), 100 * share)
  end)
end

local function jitter_of(flow)
  return math.max(flow.jitter, flow.told_jitter)
end

--- The jitter of each stream (RFC 3550), in the capture or at its listener, is no more than this.
function Audio:jitter_at_most(duration_us)
  return judge_streams(self, function(flow) return jitter_of(flow) <= duration_us end,
    function(flow)
      return ("has a jitter of %s, at most %s was expected"):format(ds.duration(jitter_of(flow)),
        ds.duration(duration_us))
    end)
end

--- Every packet of each stream is SRTP under a key that SDP told.
function Audio:encrypted()
  return judge_streams(self, function(flow) return flow.srtp ~= "" and flow.sealed == 0 end,
    function(flow)
      return flow.srtp == "" and flow.sealed == 0 and "is in the clear"
        or ("is SRTP: %d packets of %d that no key opens"):format(flow.sealed, flow.packets)
    end)
end

--- No packet of any stream is SRTP.
function Audio:in_the_clear()
  return judge_streams(self, function(flow) return flow.srtp == "" and flow.sealed == 0 end,
    function(flow)
      return flow.srtp == "" and flow.sealed == 0 and "is in the clear" or "is SRTP"
    end)
end

--- No audio of this call reaches or leaves this element.
function Audio:never_touches(name)
  local count, frames = 0, {}
  for _, flow in ipairs(self.seen.flows) do
    if is_at(self.seen, flow.from, name) or is_at(self.seen, flow.to, name) then
      count = count + flow.packets
      frames[#frames + 1] = flow.first_frame
    end
  end
  if #self.seen.flows == 0 then
    found("not-seen", {}, "the call had no audio at all, so nothing is known of %s", name)
  else
    judge(count == 0, frames, "%d RTP packets touched %s", count, name)
  end
  return self
end

local payload_type_of <const> = { PCMU = 0, PCMA = 8, G722 = 9 }

--- Every audio packet of the call is of this codec; events and comfort noise are of none.
function Audio:codec(name)
  local wanted <const> = payload_type_of[name]
  if not wanted then
    error(("'%s' is no codec of ours: PCMU, PCMA or G722"):format(tostring(name)), 2)
  end
  local other, frames, seen = 0, {}, 0
  for _, flow in ipairs(self.seen.flows) do
    for payload_type, count in pairs(flow.payload_types) do
      if payload_type == wanted then
        seen = seen + count
      elseif payload_type < 96 and payload_type ~= 13 then
        other, frames[#frames + 1] = other + count, flow.first_frame
      end
    end
  end
  judge(seen > 0 and other == 0, frames, "%d packets of %s, %d of other codecs", seen, name, other)
  return self
end

--- RFC 4733 digits that reached an element; the callee, where none is named.
function Audio:digits(expected, at)
  local _ <const>, callee = ends(self)
  local place <const>, frames = at or callee, {}
  local heard = ""
  for _, flow in ipairs(heard_at(self, place)) do
    if #flow.digits > 0 then
      heard, frames[#frames + 1] = flow.digits, flow.first_frame
    end
  end
  judge(heard == expected, frames, "the digits '%s' reached %s, expected '%s'", heard, place,
    expected)
  return self
end

--- `listener` heard the tone of `talker`.
function Audio:hears(listener, talker)
  local frames <const>, names = {}, {}
  local holds = false
  for _, flow in ipairs(heard_at(self, listener)) do
    names[#names + 1] = #flow.voices == 0 and "no clear tone" or table.concat(flow.voices, " and ")
    frames[#frames + 1] = flow.first_frame
    for _, voice in ipairs(flow.voices) do
      holds = holds or voice == talker
    end
  end
  judge(holds, frames, "%s heard %s", listener,
    #names > 0 and table.concat(names, ", ") or "nothing")
  return self
end

-- ---- the wire ----

---@class ds.Wire
local Wire <const> = {}
Wire.__index = Wire

local filters <const> = { to = "to_number", from = "from_number" }

local function matches(call, filter)
  for key, field in pairs(filters) do
    if filter[key] and call[field] ~= filter[key] then
      return false
    end
  end
  return true
end

local function check_filter(filter)
  for key in pairs(filter) do
    if not filters[key] and key ~= "nth" then
      error(("a call is picked by from, nth and to, not by '%s'"):format(tostring(key)), 3)
    end
  end
end

--- Where no call is the one that was meant: those that there are.
local function other_calls(calls, filter)
  local list <const>, frames = {}, {}
  for index, call in ipairs(calls) do
    if index <= 3 then
      list[index] = ("from %s to %s"):format(call.from_number, call.to_number)
      table.move(first_frame(call), 1, 1, #frames + 1, frames)
    end
  end
  if #list == 0 or not (filter.to or filter.from) then
    return "", {}
  end
  return (", but these: %s%s"):format(table.concat(list, "; "),
    #calls > #list and "; …" or ""), frames
end

--- The one call, or the one that `filter` ({ to = number, from = number, nth = 2 }) picks.
function Wire:call(filter)
  filter = filter or {}
  check_filter(filter)
  local list <const> = {}
  for _, call in ipairs(self.list) do
    if matches(call, filter) then
      list[#list + 1] = call
    end
  end
  local call <const> = list[filter.nth or 1]
  if not call or (#list > 1 and not filter.nth) then
    local others, frames = "", {}
    if #list == 0 then
      others, frames = other_calls(self.list, filter)
    end
    found("not-seen", frames, "the capture holds %d such calls%s", #list,
      #list > 1 and ": say which, with to, from or nth" or others)
    return setmetatable({}, Missing)
  end
  return call
end

--- All calls, in the order they began.
function Wire:calls()
  return self.list
end

--- What one element sends to another outside all calls: OPTIONS, REGISTER.
function Wire:sends(from, to, label)
  return schedule(self.roles, self.outside, from, to, label)
end

--- Fails, at this line, with this sentence; for what the other expectations do not know.
function Wire:expect(holds, sentence)
  judge(holds, {}, "%s", sentence)
  return self
end

--- Runs a scenario's `expect` over the capture.
function expect.judge(judged, path)
  finding.judges(path)
  if not judged then
    return
  end
  local list <const>, roles, outside = core.trace()
  for _, call in ipairs(list) do
    call.roles = roles
    setmetatable(call, Call)
  end
  judged(setmetatable({ list = list, roles = roles, outside = outside }, Wire))
end

return expect
