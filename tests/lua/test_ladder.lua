--- The ladder: what it parses, what it passes over, and what it says when it is not met.

local ladder <const> = require "ds.ladder"
local support <const> = require "support"
local test <const>, same <const>, says <const> = support.test, support.same, support.says

local roles <const> = { alice = "client", gw = "gateway", med = "mediation", pool = "pool" }

--- "alice pool INVITE 0" and so on: from, to, label with _ for a space, milliseconds.
local function call_of(...)
  local events <const> = {}
  for index, line in ipairs { ... } do
    local from <const>, to, label, ms = line:match("(%S+) (%S+) (%S+) (%d+)")
    events[index] = {
      frame = index * 10, from = from, to = to, label = label:gsub("_", " "), at = ms * 1000,
      status = tonumber(label:match("^%d+")) or 0, again = line:find("again", 1, true) ~= nil,
    }
  end
  return { events = events, roles = roles }
end

local busy <const> = call_of("alice pool INVITE_SDP 0", "pool alice 100 1", "pool med INVITE_SDP 2",
  "pool med INVITE_SDP 502 again", "med pool 486 900", "pool alice 486 901")

local function compare(text, call)
  return ladder.compare(assert(ladder.parse(text)), call or busy)
end

local function mistake(text)
  local arrows <const>, sentence = ladder.parse(text)
  same(arrows, nil)
  return sentence
end

-- ---- parsing ----

test("an arrow has two ends and a label", function()
  local arrow <const> = ladder.parse("  a -> b : 183 SDP  ")[1]
  same({ arrow.from, arrow.to, arrow.label }, { "a", "b", "183 SDP" })
  same(arrow.within_us, nil)
end)

test("spaces around the arrow and the colon are nobody's business", function()
  local arrow <const> = ladder.parse("gw->med:ACK")[1]
  same({ arrow.from, arrow.to, arrow.label }, { "gw", "med", "ACK" })
end)

test("a bound on time is taken off the label, in any unit", function()
  for text, us in pairs { ["500ms"] = 500000, ["1.5 s"] = 1500000, ["20us"] = 20 } do
    local arrow <const> = ladder.parse("a -> b : 183 SDP within " .. text)[1]
    same({ arrow.label, arrow.within_us }, { "183 SDP", us })
  end
end)

test("empty lines and comments are nothing", function()
  same(#ladder.parse("\n  \n a -> b : ACK -- why not\n -- no arrow\n\n"), 1)
end)

test("three dots are a gap", function()
  same(ladder.parse("...")[1].any, true)
end)

test("a line that is no arrow is named by its number", function()
  says(mistake("a -> b : ACK\na => b : ACK"), "line 2 of the ladder: 'a => b : ACK' is no arrow")
end)

test("an arrow says something", function()
  says(mistake("a -> b :"), "is no arrow")
end)

test("an unknown unit is named", function()
  says(mistake("a -> b : ACK within 3 min"), "'min' is no unit of time")
end)

test("hostile text is refused in no time", function()
  says(mistake(("->"):rep(100000)), "200000 characters")
  says(mistake((" "):rep(100000) .. "x"), "characters")
  says(mistake(("a -> b : "):rep(1000)), "characters")
  says(mistake("\0\255%%s -> "), "is no arrow")
end)

test("many lines are many arrows", function()
  same(#ladder.parse(("a -> b : ACK\n"):rep(20000)), 20000)
end)

-- ---- comparing ----

test("a ladder that is met is met: without 100, without what is sent again", function()
  same(compare [[
    alice -> pool  : INVITE
    pool  -> med   : INVITE
    med   -> pool  : 486
    pool  -> alice : 486
  ]], nil)
end)

test("places are names or roles", function()
  same(compare "client -> pool : INVITE\n pool -> mediation : INVITE\n ...", nil)
end)

test("100 may be written", function()
  same(compare "alice -> pool : INVITE\n pool -> alice : 100\n ...", nil)
end)

test("a message sent again may be written", function()
  same(compare "...\n pool -> med : INVITE\n pool -> med : INVITE\n ...", nil)
end)

test("a label is the beginning of what is said, in whole words", function()
  same(compare "alice -> pool : INVITE SDP\n ...", nil)
  says(compare "alice -> pool : INV\n ...", "expected alice -> pool : INV, but saw")
end)

test("a message that is not written is named, with its frame", function()
  local trouble <const>, frames = compare "alice -> pool : INVITE\n med -> pool : 486\n ..."
  says(trouble, "expected med -> pool : 486, but saw pool -> med : INVITE SDP (#30); the nearest seen "
    .. "was med -> pool : 486 (#50)")
  same(frames, { 30, 50 })
end)

test("a message after the last arrow is named", function()
  local trouble <const>, frames = compare "...\n med -> pool : 486"
  says(trouble, "the ladder ends before pool -> alice : 486 (#60)")
  same(frames, { 60 })
end)

test("a gap admits nothing too", function()
  same(compare "...\n alice -> pool : INVITE\n ...\n pool -> med : INVITE\n ...", nil)
end)

test("a gap at the end admits all the rest", function()
  same(compare "alice -> pool : INVITE\n ...", nil)
  same(compare "...", nil)
end)

test("a gap does not turn the order around", function()
  local trouble <const>, frames = compare "...\n med -> pool : 486\n ...\n alice -> pool : INVITE\n ..."
  says(trouble, "nearest seen was alice -> pool : INVITE SDP (#10), and came before its turn")
  same(frames, { 10 })
end)

test("what is never seen says what came nearest", function()
  local trouble <const>, frames = compare "...\n pool -> gw : INVITE\n ..."
  same(trouble, "expected pool -> gw : INVITE; the nearest seen was pool -> med : INVITE SDP (#30), "
    .. "which differs in to (expected gw, saw med)")
  same(frames, { 30 })
end)

test("every field in which the nearest differs is named", function()
  says(compare "...\n med -> pool : 503 SDP\n ...", "the nearest seen was med -> pool : 486 (#50), "
    .. "which differs in message (expected 503, saw 486) and SDP (expected SDP, saw none)")
  local call <const> = call_of("alice pool BYE 0", "pool alice 200_(BYE) 1", "alice pool INVITE_+1_SDP 2")
  says(compare("...\n pool -> alice : 200 (INFO)\n ...", call),
    "differs in transaction (expected (INFO), saw (BYE))")
  says(compare("...\n alice -> pool : INVITE +2\n ...", call), "differs in number (expected +2, saw +1)")
end)

test("the fewest differences are nearest, and what is due before what has passed", function()
  local call <const> = call_of("pool med INVITE 0", "alice pool INVITE 1", "gw pstn INVITE 2")
  says(compare("...\n gw -> med : INVITE\n ...", call), "nearest seen was pool -> med : INVITE (#10)")
  says(compare("...\n alice -> pool : INVITE\n ...\n pool -> pstn : INVITE\n ...", call),
    "nearest seen was gw -> pstn : INVITE (#30)")
end)

test("what came instead is compared, or what came later", function()
  says(compare "alice -> pool : INVITE\n pool -> gw : INVITE\n ...",
    "but saw pool -> med : INVITE SDP (#30), which differs in to (expected gw, saw med)")
  local trouble <const>, frames = compare "alice -> pool : INVITE\n pool -> alice : 486\n ..."
  says(trouble, "but saw pool -> med : INVITE SDP (#30); the nearest seen was pool -> alice : 486 (#60)")
  same(frames, { 30, 60 })
end)

test("a label that is no beginning is told word for word", function()
  says(compare "alice -> pool : SDP INVITE\n ...", "expected alice -> pool : SDP INVITE, but saw alice -> pool : "
    .. "INVITE SDP (#10), which differs in message (expected SDP, saw INVITE)")
  local call <const> = call_of("alice pool INVITE_+1_SDP 0")
  says(compare("alice -> pool : INVITE SDP\n ...", call),
    "which differs in words (expected INVITE SDP, saw INVITE +1 SDP)")
end)

test("what is nowhere near is just never seen", function()
  local trouble <const>, frames = compare "...\n gw -> med : 200\n ..."
  says(trouble, "expected gw -> med : 200; it was never seen")
  same(frames, {})
end)

test("a bound on time is met or missed", function()
  same(compare "...\n pool -> med : INVITE\n med -> pool : 486 within 898ms\n ...", nil)
  says(compare "...\n pool -> med : INVITE\n med -> pool : 486 within 897ms\n ...", "came 0.898 s")
end)

test("a call without a message is no ladder, unless nothing is asked", function()
  says(compare("a -> b : INVITE", call_of()), "never seen")
  same(compare("", call_of()), nil)
end)
