--- The ladder: one arrow a line, `gateway -> mediation : 183 SDP within 1s`, in the notation that
--- reports print.
---
--- `...` admits anything, also nothing. Without it an arrow that is not written is a failure. `100`
--- and messages that are sent again are ignored unless written. A label is the beginning of what a
--- message says: `INVITE`, `183`, `200 (BYE)`.

local nearest <const> = require "ds.nearest"

local ladder <const> = {}

local units <const> = { us = 1, ms = 1000, s = 1000000 }

--- Patterns take a time that grows faster than the line does, so that lines are bounded first.
local longest_line <const> = 200

local function trouble_at(number, fmt, ...)
  return nil, ("line %d of the ladder: "):format(number) .. fmt:format(...)
end

--- One arrow, or nil and a sentence.
local function parse_arrow(line, number)
  local from <const>, to, label = line:match("^(%S+)%s*%->%s*(%S+)%s*:%s*(.+)$")
  if not from then
    return trouble_at(number, "'%s' is no arrow: write `gateway -> mediation : 183`, or `...`",
      line)
  end
  local bare <const>, amount, unit = label:match("^(.-)%s+within%s+(%d+%.?%d*)%s*(%a+)$")
  if bare and not units[unit] then
    return trouble_at(number, "'%s' is no unit of time: us, ms or s", unit)
  end
  return {
    from = from, to = to, label = bare or label, text = (line:gsub("%s+", " ")),
    within_us = bare and tonumber(amount) * units[unit] or nil,
  }
end

--- The arrows of a ladder as written, or nil and a sentence.
---@param text string
function ladder.parse(text)
  local arrows <const> = {}
  local number = 0
  for line in (text .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    if #line > longest_line then
      return trouble_at(number, "it has %d characters, and %d are the most", #line, longest_line)
    end
    line = line:gsub("%-%-.*$", ""):match("^%s*(.-)%s*$")
    if line ~= "" then
      local arrow, trouble = { any = true }, nil
      if line ~= "..." then
        arrow, trouble = parse_arrow(line, number)
      end
      if not arrow then
        return nil, trouble
      end
      arrows[#arrows + 1] = arrow
    end
  end
  return arrows
end

--- An arrow as reports print it.
function ladder.print(event)
  return ("%s -> %s : %s"):format(event.from, event.to, event.label)
end

function ladder.says(event, label)
  return event.label == label or event.label:sub(1, #label + 1) == label .. " "
end

local function is_at(call, place, name)
  return place == name or call.roles[place] == name
end

local function fits(call, event, arrow)
  return is_at(call, event.from, arrow.from) and is_at(call, event.to, arrow.to)
    and ladder.says(event, arrow.label)
end

--- Is this message one that nobody needs to write?
local function is_quiet(event)
  return event.again or event.status == 100
end

--- What is said of an arrow that no message was, and of the message that was most like it.
local function missing(call, index, arrow)
  local near <const> = nearest.find(call.roles, call.events, index, arrow)
  if not near then
    return ("expected %s; it was never seen"):format(arrow.text), {}
  end
  return ("expected %s; %s"):format(arrow.text, nearest.clause(near)), { near.event.frame }
end

--- Another message stands where the arrow was due, which may have come later.
local function displaced(call, index, arrow)
  local event <const> = call.events[index]
  local near <const> = nearest.find(call.roles, call.events, index, arrow)
  local sentence <const> = ("expected %s, but saw %s (#%d)"):format(arrow.text, ladder.print(event),
    event.frame)
  if not near then
    return sentence, { event.frame }
  elseif near.event == event then
    return sentence .. ", which differs in " .. nearest.differing(near), { event.frame }
  end
  return sentence .. "; " .. nearest.clause(near), { event.frame, near.event.frame }
end

--- The next message from `index` on that fits the arrow, or the first that nobody may pass over.
local function find(call, index, arrow, gap)
  local event = call.events[index]
  while event and not fits(call, event, arrow) and (gap or is_quiet(event)) do
    index = index + 1
    event = call.events[index]
  end
  return index
end

--- What speaks against the event at `index` being the arrow: a sentence and frames, or nil.
local function objection(call, start, index, arrow, before)
  local event <const> = call.events[index]
  if not event then
    return missing(call, start, arrow)
  elseif not fits(call, event, arrow) then
    return displaced(call, index, arrow)
  elseif arrow.within_us and before and event.at - before.at > arrow.within_us then
    return ("%s came %.3f s after the arrow before it"):format(arrow.text,
      (event.at - before.at) / 1e6), { event.frame }
  end
end

--- What a ladder that has ended leaves unsaid.
local function beyond(call, index)
  for rest = index, #call.events do
    local event <const> = call.events[rest]
    if not is_quiet(event) then
      return ("the ladder ends before %s (#%d)"):format(ladder.print(event), event.frame),
        { event.frame }
    end
  end
end

--- nil when the call's messages are the ladder; else a sentence and frames.
function ladder.compare(arrows, call)
  local index, gap, before = 1, false, nil
  for _, arrow in ipairs(arrows) do
    if arrow.any then
      gap = true
    else
      local at <const> = find(call, index, arrow, gap)
      local trouble <const>, frames = objection(call, index, at, arrow, before)
      if trouble then
        return trouble, frames
      end
      index, gap, before = at + 1, false, call.events[at]
    end
  end
  if not gap then
    return beyond(call, index)
  end
end

return ladder
