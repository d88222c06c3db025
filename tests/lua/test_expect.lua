--- Every expectation, met and missed, over calls made by hand.

local core <const> = require "ds.core"
local ds <const> = require "ds"
local expect <const> = require "ds.expect"
local support <const> = require "support"
local test <const>, same <const>, says <const> = support.test, support.same, support.says
local refused <const> = support.refused

core.roles = { alice = "client", pool = "pool", med = "mediation", gw = "gateway", pstn = "pstn",
  um = "um" }

local function flow(from, to, more)
  local made <const> = {
    from = from, to = to, packets = 50, first_at = 0, last_at = ds.s, first_frame = 40,
    last_frame = 90, digits = "", talker = from, payload_types = { [0] = 50 }, codec = "PCMU",
    lost = 0, told_lost = 0, duplicates = 0, late = 0, comfort_noise = 0, jitter = 2 * ds.ms,
    told_jitter = 0, packet_time = 20 * ds.ms, mos = 4.41, srtp = "", sealed = 0,
  }
  for key, value in pairs(more or {}) do
    made[key] = value
  end
  made.voices = made.voices or (made.talker ~= "" and { made.talker } or {})
  return made
end

--- Alice calls the PSTN with bypass, talks for a second and hangs up; with other fields where given.
local function call_with(more)
  local made <const> = {
    from_number = "+1425", to_number = "+1206", outcome = "answered", status = 200,
    caller = "alice", callee = "pstn", bye_from = "alice", bye_frame = 95,
    events = { { frame = 1, at = 0, from = "alice", to = "pool", label = "INVITE", status = 0 } },
    hops = {
      { from = "alice", to = "pool", frame = 1 }, { from = "pool", to = "med", frame = 2 },
      { from = "med", to = "gw", frame = 3 },
    },
    flows = {
      flow("alice", "gw"), flow("gw", "alice", { talker = "pstn" }),
      flow("gw", "pstn", { talker = "alice" }), flow("pstn", "gw"),
    },
  }
  for key, value in pairs(more or {}) do
    made[key] = value
  end
  return made
end

--- The verdicts that judging these calls leaves, in one line; the findings are in core.findings.
local function verdicts(judged, ...)
  core.calls, core.findings = { ... }, {}
  expect.judge(judged, debug.getinfo(1, "S").source:sub(2))
  local list <const> = {}
  for index, finding in ipairs(core.findings) do
    list[index] = finding.verdict
  end
  return table.concat(list, " ")
end

local function last() return core.findings[#core.findings].sentence end

local function call_verdict(more, judged)
  return verdicts(function(wire) judged(wire:call()) end, call_with(more))
end

local function audio_verdict(flows, judged)
  return verdicts(function(wire) judged(wire:call():audio()) end, call_with { flows = flows })
end

-- ---- the wire ----

test("a scenario without expect expects nothing", function()
  expect.judge(nil, "x.lua")
end)

test("a finding names the scenario's own line", function()
  call_verdict({}, function(call) call:answered() end)
  assert(core.findings[1].where:find("test_expect%.lua:%d+$"), core.findings[1].where)
end)

test("no call is not-seen, once, whatever is expected of it", function()
  same(verdicts(function(wire) wire:call():answered():path({}):audio():both_ways() end), "not-seen")
  says(last(), "the capture holds 0 such calls")
end)

test("which of two calls is meant has to be said", function()
  local function plain(wire) wire:call():answered() end
  same(verdicts(plain, call_with(), call_with()), "not-seen")
  says(last(), "say which, with to, from or nth")
end)

test("a call is picked by number and by order", function()
  local first <const>, second = call_with { to_number = "+1" }, call_with { from_number = "+2" }
  verdicts(function(wire)
    same(wire:call { to = "+1" }, first)
    same(wire:call { from = "+2" }, second)
    same(wire:call { nth = 2 }, second)
    same({ #wire:calls(), wire:calls()[1] }, { 2, first })
  end, first, second)
end)

test("a call that nobody made is not-seen", function()
  same(verdicts(function(wire) wire:call { to = "+9" } end, call_with()), "not-seen")
  same(verdicts(function(wire) wire:call { nth = 2 } end, call_with()), "not-seen")
end)

test("where no call is meant, those that there are are told", function()
  same(verdicts(function(wire) wire:call { to = "+9" } end, call_with()), "not-seen")
  same(last(), "the capture holds 0 such calls, but these: from +1425 to +1206")
  same(core.findings[1].frames, { 1 })
end)

test("a filter knows what it filters by", function()
  refused("not by 'too'", function()
    verdicts(function(wire) wire:call { too = "+1" } end, call_with())
  end)
end)

test("anything can be expected in a sentence", function()
  same(verdicts(function(wire) wire:expect(true, "yes"):expect(nil, "no") end), "pass fail")
  same(last(), "no")
end)

-- ---- the call ----

test("answered", function()
  same(call_verdict({}, function(call) call:answered() end), "pass")
  same(call_verdict({ outcome = "refused" }, function(call) call:answered() end), "fail")
  same(last(), "the call to +1206 was refused")
end)

test("cancelled", function()
  same(call_verdict({ outcome = "cancelled" }, function(call) call:cancelled() end), "pass")
  same(call_verdict({}, function(call) call:cancelled() end), "fail")
end)

test("refused, with a status or with any", function()
  local busy <const> = { outcome = "refused", status = 486 }
  same(call_verdict(busy, function(call) call:refused():refused(486) end), "pass pass")
  same(call_verdict(busy, function(call) call:refused(603) end), "fail")
  same(last(), "the call to +1206 was refused with 486, expected 603")
  same(call_verdict({}, function(call) call:refused() end), "fail")
end)

test("cleared by an end or by name", function()
  same(call_verdict({}, function(call) call:cleared_by("caller"):cleared_by("alice") end),
    "pass pass")
  same(call_verdict({}, function(call) call:cleared_by("callee") end), "fail")
  same(call_verdict({ bye_from = false }, function(call) call:cleared_by("caller") end), "fail")
  same(last(), "the first BYE came from nobody")
end)

test("the path, by names or roles", function()
  local whole <const> = { "alice", "pool", "mediation", "gw" }
  same(call_verdict({}, function(call) call:path(whole) end), "pass")
  same(call_verdict({}, function(call) call:path { "alice", "pool" } end), "fail")
  same(last(), "the INVITE went alice > pool > med > gw, expected alice > pool; "
    .. "they part at element 3, med where the end was expected")
  same(core.findings[1].frames, { 2 })
  same(call_verdict({}, function(call) call:path { "alice", "pool", "gateway" } end), "fail")
  says(last(), "they part at element 3, med where gateway was expected")
  same(call_verdict({ hops = {} }, function(call) call:path(whole) end), "fail")
  says(last(), "they part at element 1, the end where alice was expected")
end)

test("silent elements neither signal nor carry audio", function()
  same(call_verdict({}, function(call) call:silent { "mediation", "bob" } end), "pass pass")
  same(call_verdict({}, function(call) call:silent { "pool", "gateway" } end), "fail fail")
  same(last(), "gateway took part in 4 messages and streams")
  same(#core.findings[1].frames, 1)
end)

test("the ladder, met and not", function()
  same(call_verdict({}, function(call) call:ladder("alice -> pool : INVITE") end), "pass")
  same(call_verdict({}, function(call) call:ladder("pool -> med : INVITE") end), "fail")
  says(last(), "expected pool -> med : INVITE, but saw alice -> pool : INVITE (#1)")
end)

test("a ladder that is none is an error at the scenario's line", function()
  local trouble <const> = refused("line 1 of the ladder", function()
    call_verdict({}, function(call) call:ladder("alice => pool") end)
  end)
  says(trouble, "test_expect.lua:")
end)

-- ---- when it is sent ----

--- Sent by gw to pstn at these times, beginning at one second.
local function sent_at(times, label)
  local events <const> = {}
  for index, time in ipairs(times) do
    events[index] = { frame = 10 + index, at = ds.s + time, from = "gw", to = "pstn", status = 0,
      label = label or "INVITE +1206 SDP" }
  end
  return events
end

local function schedule_verdict(times, expected)
  return call_verdict({ events = sent_at(times) }, function(call)
    call:sends("gateway", "pstn", "INVITE"):at(expected)
  end)
end

test("a message is sent at these times, counted from the first", function()
  same(schedule_verdict({ 0, 500000, 1500000 }, { 0, 500 * ds.ms, 1500 * ds.ms }), "pass")
  same(last(), "INVITE from gateway to pstn: sent at 0 ms, 500 ms, 1.5 s")
end)

test("a schedule that is not kept shows both, and where they part", function()
  same(schedule_verdict({ 0, 500000, 2000000, 4000000 }, { 0, 500 * ds.ms, 1500 * ds.ms }), "fail")
  same(last(), "INVITE from gateway to pstn: expected at 0 ms, 500 ms, 1.5 s; "
    .. "seen at 0 ms, 500 ms, 2 s, 4 s; they part at sending 3")
  same(table.concat(core.findings[1].frames, " "), "13 14")
end)

test("sendings too few or too many are not the schedule", function()
  same(schedule_verdict({ 0 }, { 0, 500 * ds.ms }), "fail")
  same(table.concat(core.findings[1].frames, " "), "11")
  same(schedule_verdict({ 0, 500000 }, { 0 }), "fail")
  same(schedule_verdict({}, { 0 }), "fail")
  says(last(), "seen at never; they part at sending 1")
end)

test("a message that was never sent is told with the nearest", function()
  same(schedule_verdict({ 0 }, { 0 }), "pass")
  same(call_verdict({ events = sent_at { 0 } }, function(call)
    call:sends("gateway", "med", "INVITE"):at { 0 }
  end), "fail")
  says(last(), "seen at never; the nearest seen was gw -> pstn : INVITE +1206 SDP (#11), which differs "
    .. "in to (expected med, saw pstn)")
  same(core.findings[1].frames, { 11 })
end)

test("other messages and other elements are not of the schedule", function()
  same(call_verdict({ events = sent_at({ 0 }, "INVITED") }, function(call)
    call:sends("gw", "pstn", "INVITE"):at {}
  end), "pass")
  same(call_verdict({ events = sent_at { 0 } }, function(call)
    call:sends("pstn", "gw", "INVITE"):at {}
  end), "pass")
end)

test("what is sent outside all calls is the wire's", function()
  core.outside = sent_at({ 0, 60000000 }, "OPTIONS")
  same(verdicts(function(wire)
    wire:sends("gw", "pstn", "OPTIONS"):at { 0, 60 * ds.s }
  end), "pass")
  core.outside = {}
end)

-- ---- its audio ----

test("audio flows, one way and the other", function()
  same(audio_verdict(nil, function(audio) audio:flows("alice", "gw"):both_ways() end), "pass pass")
  same(audio_verdict(nil, function(audio) audio:flows("client", "gateway") end), "pass")
  same(audio_verdict(nil, function(audio) audio:flows("alice", "med") end), "fail")
  same(last(), "0 RTP packets from alice to med; the nearest seen were 50 from alice to gw")
  same(audio_verdict({}, function(audio) audio:flows("alice", "med") end), "fail")
  same(last(), "0 RTP packets from alice to med")
end)

test("one way is not both ways", function()
  same(audio_verdict({ flow("alice", "gw") }, function(audio)
    audio:flows("alice", "gw"):both_ways()
  end), "pass fail")
end)

test("without flows, both ways speaks of the ends of the call", function()
  same(audio_verdict(nil, function(audio) audio:both_ways() end), "pass pass")
  same(audio_verdict({ flow("alice", "gw") }, function(audio) audio:both_ways() end), "fail fail")
  same(last(), "0 RTP packets reached pstn")
end)

test("an end that is no element of the topology hears nothing", function()
  local stranger <const> = { caller = false, flows = { flow("x", "192.0.2.1"), flow("x", "pstn") } }
  same(call_verdict(stranger, function(call) call:audio():both_ways() end), "fail pass")
end)

test("audio lasts", function()
  same(audio_verdict(nil, function(audio) audio:for_at_least(ds.s) end), "pass pass")
  same(audio_verdict(nil, function(audio) audio:flows("alice", "gw"):for_at_least(2 * ds.s) end),
    "pass fail")
  same(last(), "audio alice to gw lasted 1 s, at least 2 s was expected")
end)

test("a score is that of each stream, and may be unknown", function()
  same(audio_verdict(nil, function(audio) audio:flows("alice", "gw"):mos_at_least(4.4) end),
    "pass pass")
  same(audio_verdict(nil, function(audio) audio:mos_at_least(4.5) end), "fail fail")
  same(last(), "PCMU audio from gw to pstn has a MOS of 4.41, at least 4.50 was expected")
  local flows <const> = { flow("gw", "alice", { mos = 0, codec = "opus" }) }
  same(audio_verdict(flows, function(audio) audio:mos_at_least(4) end), "unclear not-seen")
  same(last(), "there was no audio to pstn")
end)

test("loss is what the capture misses or what the listener missed", function()
  local function lost(more, share)
    local flows <const> = { flow("alice", "gw", more) }
    return (audio_verdict(flows, function(audio)
      audio:flows("alice", "gw"):lost_at_most(share)
    end):gsub("^pass ", ""))
  end
  same(lost({}, 0), "pass")
  same(lost({ packets = 99, lost = 1 }, 0.01), "pass")
  same(lost({ packets = 98, lost = 2 }, 0.01), "fail")
  same(last(), "PCMU audio from alice to gw lost 2.00 % of its packets, at most 1.00 % was expected")
  same(lost({ packets = 100, told_lost = 5 }, 0.04), "fail")
  same(lost({ packets = 100, told_lost = 5 }, 0.05), "pass")
  same(lost({ packets = 200, duplicates = 101, lost = 1 }, 0.01), "pass")
end)

test("jitter is judged in scenario time", function()
  same(audio_verdict(nil, function(audio) audio:jitter_at_most(2 * ds.ms) end), "pass pass")
  same(audio_verdict(nil, function(audio) audio:jitter_at_most(ds.ms) end), "fail fail")
  same(last(), "PCMU audio from gw to pstn has a jitter of 2 ms, at most 1 ms was expected")
  local flows <const> = { flow("pstn", "gw", { told_jitter = 9 * ds.ms }) }
  same(audio_verdict(flows, function(audio)
    audio:flows("pstn", "gw"):jitter_at_most(8 * ds.ms)
  end), "pass fail")
end)

test("audio is encrypted, or in the clear, and what no key opens is neither", function()
  local function verdict_of(more)
    local flows <const> = { flow("alice", "gw", more) }
    return (audio_verdict(flows, function(audio)
      audio:flows("alice", "gw"):encrypted():in_the_clear()
    end):gsub("^pass ", ""))
  end
  same(verdict_of { srtp = "AES_CM_128_HMAC_SHA1_80" }, "pass fail")
  same(last(), "PCMU audio from alice to gw is SRTP")
  same(verdict_of {}, "fail pass")
  same(verdict_of { srtp = "AES_CM_128_HMAC_SHA1_80", sealed = 3 }, "fail fail")
  same(verdict_of { sealed = 50 }, "fail fail")
end)

test("audio never touches an element", function()
  same(audio_verdict(nil, function(audio) audio:never_touches("mediation") end), "pass")
  same(audio_verdict(nil, function(audio) audio:never_touches("gateway") end), "fail")
  same(last(), "200 RTP packets touched gateway")
end)

test("where no audio was, nothing is known of where it went", function()
  same(audio_verdict({}, function(audio) audio:never_touches("mediation") end), "not-seen")
end)

test("the codec of every audio packet", function()
  local with_event <const> = { flow("alice", "gw", { payload_types = { [0] = 9, [101] = 3 } }) }
  same(audio_verdict(with_event, function(audio) audio:codec("PCMU") end), "pass")
  same(audio_verdict(with_event, function(audio) audio:codec("PCMA") end), "fail")
  same(audio_verdict({}, function(audio) audio:codec("PCMU") end), "fail")
end)

test("a codec that does not exist is an error", function()
  refused("'G729' is no codec", function()
    audio_verdict(nil, function(audio) audio:codec("G729") end)
  end)
end)

test("digits that reached an element", function()
  local flows <const> = { flow("gw", "pstn", { digits = "1#" }), flow("gw", "alice") }
  same(audio_verdict(flows, function(audio) audio:digits("1#"):digits("1#", "pstn") end),
    "pass pass")
  same(audio_verdict(flows, function(audio) audio:digits("1#", "alice") end), "fail")
  same(last(), "the digits '' reached alice, expected '1#'")
end)

test("who hears whom", function()
  same(audio_verdict(nil, function(audio) audio:hears("alice", "pstn") end), "pass")
  same(audio_verdict(nil, function(audio) audio:hears("alice", "alice") end), "fail")
  same(last(), "alice heard pstn")
  same(audio_verdict({}, function(audio) audio:hears("alice", "pstn") end), "fail")
  same(last(), "alice heard nothing")
end)

test("a part of a name is not the name", function()
  local flows <const> = { flow("gw", "alice", { talker = "pstn2" }) }
  same(audio_verdict(flows, function(audio) audio:hears("alice", "pstn") end), "fail")
end)

test("in a mix each voice is heard", function()
  local flows <const> = { flow("mcu", "alice", { talker = "", voices = { "bob", "pstn" } }) }
  same(audio_verdict(flows, function(audio) audio:hears("alice", "pstn") end), "pass")
  same(last(), "alice heard bob and pstn")
  same(audio_verdict(flows, function(audio) audio:hears("alice", "carol") end), "fail")
end)

test("a stream without a clear tone is nobody's", function()
  local flows <const> = { flow("gw", "alice", { talker = "" }) }
  same(audio_verdict(flows, function(audio) audio:hears("alice", "") end), "fail")
  same(last(), "alice heard no clear tone")
end)

-- ---- against the plan ----

core.plan = {
  [""] = { { "alice", "pool", "med", "gw", "pstn" }, { "alice", "gw", "pstn" } },
  pool = {}, gw = {}, med = {},
  other = { { "alice", "pool", "med", "gw", "pstn" }, { "alice", "gw", "pstn" } },
}

local function hops_to(...)
  local list <const>, way = {}, { "alice", "pool", "med", "gw", "pstn" }
  for index, status in ipairs { ... } do
    list[index] = { from = way[index], to = way[index + 1], frame = index, status = status }
  end
  return list
end

test("a call that goes its way is as planned, and one that goes another is not", function()
  local function planned(call) call:as_planned("other") end
  same(call_verdict({ hops = hops_to(200, 200, 200, 200) }, planned), "pass pass pass")
  same(call_verdict({ hops = hops_to(200, 200, 200) }, planned), "pass fail pass")
  same(call_verdict({ hops = hops_to(200, 200, 200, 200), flows = {} }, planned), "pass pass fail")
  same(last(), "audio went ; the plan says alice=gw gw=pstn")
end)

test("a call that takes turns with others is as planned whichever turn it took", function()
  core.plan.spread = { { "alice", "pool", "med2", "gw", "pstn" }, { "alice", "pstn" }, 2 }
  core.plan["spread#1"] = core.plan.other
  local function planned(call) call:as_planned("spread") end
  same(call_verdict({ hops = hops_to(200, 200, 200, 200) }, planned), "pass pass pass")
  same(call_verdict({ hops = hops_to(200, 200, 200) }, planned), "pass fail fail")
end)

test("what was tried in vain is no part of the way", function()
  local hops <const> = hops_to(200, 200, 200, 200)
  table.insert(hops, 3, { from = "med", to = "gw2", frame = 9, status = 503 })
  same(call_verdict({ hops = hops }, function(call) call:as_planned() end), "pass pass pass")
end)

test("a call that stops came to the element that has failed, and no further", function()
  local function stopped(hops, without)
    return call_verdict({ hops = hops, outcome = "refused" }, function(call)
      call:as_planned(without)
    end)
  end
  same(stopped(hops_to(504, 504), "gw"), "pass pass")
  same(stopped(hops_to(504, 504, 504), "gw"), "pass pass")
  same(stopped(hops_to(504), "gw"), "pass fail")
  same(last(), "without gw the INVITE came to pool; the plan has it go "
    .. "alice > pool > med > gw > pstn")
  same(stopped(hops_to(504, 504, 504, 504), "gw"), "pass fail")
  same(call_verdict({ hops = hops_to(200, 200, 200, 200) }, function(call)
    call:as_planned("gw")
  end), "fail fail")
end)

test("a call that ought to get through and does not is not as planned", function()
  same(call_verdict({ hops = hops_to(504, 504), outcome = "refused" }, function(call)
    call:as_planned()
  end), "fail fail pass")
end)

test("audio outlives an element that it passes by, and no other", function()
  local function outlives(element, last_at)
    local flows <const> = { flow("gw", "alice", { last_at = last_at }),
      flow("gw", "pstn", { last_at = last_at }), flow("alice", "gw", { last_at = 9 * ds.s }) }
    return call_verdict({ flows = flows, answered_at = 0 }, function(call)
      call:outlives_as_planned(element, 1 * ds.s)
    end)
  end
  same(outlives("med", 5 * ds.s), "pass pass")
  same(outlives("med", 1 * ds.s), "fail fail")
  same(outlives("gw", 1 * ds.s), "pass pass")
  same(outlives("gw", 5 * ds.s), "fail fail")
  same(last(), "pstn heard gw long after the failure of gw; the plan says until")
end)

test("silence outlives nothing", function()
  same(call_verdict({ flows = {}, answered_at = 0 }, function(call)
    call:outlives_as_planned("med", 1 * ds.s)
  end), "not-seen")
end)

-- ---- fax ----

local function way(from, to, by, pages)
  return { from = from, to = to, by = by, packets = 30, first_frame = 60, pages = pages or {} }
end

local function fax_verdict(faxes, judged)
  return verdicts(function(wire) judged(wire:call():fax()) end, call_with { faxes = faxes })
end

local in_packets <const> = {
  way("gw", "pool", "t38"), way("pool", "gw", "t38"),
  way("gw", "pstn", "audio", { ("page 1 of %d rows"):format(ds.page_rows) }),
}

test("a fax goes in packets both ways, or as tones", function()
  same(fax_verdict(in_packets, function(fax) fax:by_t38():by_audio() end), "pass fail")
  same(fax_verdict({ in_packets[1], in_packets[3] }, function(fax) fax:by_t38() end), "fail")
  same(fax_verdict({ in_packets[3] }, function(fax) fax:by_audio():by_t38() end), "pass fail")
  same(fax_verdict({}, function(fax) fax:by_audio() end), "fail")
end)

test("the media of a fax go between two, and past a third", function()
  local flows_and_faxes <const> = { way("gw", "med", "t38") }
  same(fax_verdict(in_packets, function(fax) fax:flows("gateway", "pool"):flows("gw", "alice") end),
    "pass pass")
  same(fax_verdict(in_packets, function(fax) fax:flows("alice", "pool") end), "fail")
  same(last(), "0 packets from alice to pool, and 0 back")
  same(fax_verdict(in_packets, function(fax) fax:never_touches("mediation") end), "pass")
  same(fax_verdict(flows_and_faxes, function(fax) fax:never_touches("mediation") end), "fail")
  same(last(), "30 packets of the fax touched mediation")
end)

test("a fax without any media touches nobody, and that is not seen", function()
  same(verdicts(function(wire) wire:call():fax():never_touches("med") end,
    call_with { faxes = {}, flows = {} }), "not-seen")
end)

test("the page that arrives is the one that was sent", function()
  same(fax_verdict(in_packets, function(fax) fax:arrives() end), "pass")
  same(fax_verdict(in_packets, function(fax) fax:arrives { page = 2 } end), "fail")
  same(last(), "1 pages of fax reached pstn, and none is the one that was sent")
  same(fax_verdict({ in_packets[1] }, function(fax) fax:arrives() end), "fail")
end)

-- ---- voice mail ----

local function spell(voice, first_at, length)
  return { voice = voice, first_at = first_at, last_at = first_at + length, length = length,
    first_frame = 70 }
end

--- A server greets for 200 ms; pstn talks all the while, and 300 ms more.
local function mail_verdict(judged)
  local said <const> = { from = "pstn", to = "um", packets = 25, first_frame = 70,
    spells = { spell("pstn", 0, 500 * ds.ms) } }
  local heard <const> = { from = "um", to = "pstn", packets = 25, first_frame = 70,
    spells = { spell("um", 0, 200 * ds.ms), spell("", 200 * ds.ms, 100 * ds.ms),
      spell("alice", 300 * ds.ms, 200 * ds.ms) } }
  return verdicts(function(wire) judged(wire:call():voice_mail()) end,
    call_with { flows = { said, heard } })
end

test("voice mail records what is said after its greeting", function()
  same(mail_verdict(function(mail) mail:records("pstn"):records("pstn", 340 * ds.ms) end),
    "pass pass")
  same(mail_verdict(function(mail) mail:records("pstn", 500 * ds.ms) end), "fail")
  same(last(), "voice mail records pstn for 300 ms, expected 500 ms")
  same(mail_verdict(function(mail) mail:records("alice") end), "fail")
end)

test("voice mail plays voices", function()
  same(mail_verdict(function(mail) mail:plays("alice", 200 * ds.ms):plays("um") end), "pass pass")
  same(mail_verdict(function(mail) mail:plays("pstn") end), "fail")
  same(last(), "voice mail plays pstn for 0 ms")
end)
