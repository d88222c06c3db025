--- The ladder: one arrow a line, `gateway -> mediation : 183 SDP within 1s`, in the notation reports print.
---
--- `...` admits anything, also nothing. Without it an arrow that is not written is a failure. `100` and messages that are
--- sent again are ignored unless written. A label is the beginning of what a message says: `INVITE`, `183`, `200 (BYE)`.

local ladder <const> = {}

local units <const> = { us = 1, ms = 1000, s = 1000000 }

local function parse_line(line, number)
  if line == "..." then
    return { any = true }
  end
  local from <const>, to, label = line:match("^(%S+)%s*%->%s*(%S+)%s*:%s*(.-)%s*$")
  if not from then
    error(("line %d of the ladder is no arrow: '%s'; write `gateway -> mediation : 183`, or `...`"):format(number, line), 0)
  end
  local bare <const>, amount, unit = label:match("^(.-)%s+within%s+(%d+%.?%d*)%s*(%a+)$")
  if bare and not units[unit] then
    error(("line %d of the ladder: '%s' is no unit of time: us, ms or s"):format(number, unit), 0)
  end
  return {
    from = from, to = to, label = bare or label, within_us = bare and tonumber(amount) * units[unit] or nil,
    text = line,
  }
end

--- The arrows of a ladder as written.
---@param text string
function ladder.parse(text)
  local arrows <const> = {}
  local number = 0
  for line in (text .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    line = line:gsub("%-%-.*$", ""):match("^%s*(.-)%s*$")
    if line ~= "" then
      arrows[#arrows + 1] = parse_line(line, number)
    end
  end
  return arrows
end

--- An arrow as reports print it.
function ladder.print(event)
  return ("%s -> %s : %s"):format(event.from, event.to, event.label)
end

local function says(event, label)
  return event.label == label or event.label:sub(1, #label + 1) == label .. " "
end

local function fits(call, event, arrow)
  return (event.from == arrow.from or call.roles[event.from] == arrow.from)
    and (event.to == arrow.to or call.roles[event.to] == arrow.to)
    and says(event, arrow.label)
end

--- Is this message one that nobody needs to write?
local function is_quiet(event)
  return event.again or event.status == 100
end

local function late(event, before, arrow)
  return arrow.within_us and before and event.at - before.at > arrow.within_us
end

local function nearest(call, events, from_index, arrow)
  for index = from_index, #events do
    local event <const> = events[index]
    local same <const> = (event.from == arrow.from or call.roles[event.from] == arrow.from) and says(event, arrow.label)
    if same then
      return event
    end
  end
end

local function missing(call, events, index, arrow)
  local near <const> = nearest(call, events, index, arrow)
  if near then
    return ("expected %s; the nearest seen was %s (#%d)"):format(arrow.text, ladder.print(near), near.frame), { near.frame }
  end
  return ("expected %s; it was never seen"):format(arrow.text), {}
end

--- nil when the call's messages are the ladder; else a sentence and frames.
function ladder.compare(text, call)
  local arrows <const>, events = ladder.parse(text), call.events
  local index, gap, before = 1, false, nil
  for _, arrow in ipairs(arrows) do
    if arrow.any then
      gap = true
    else
      local start <const> = index
      while events[index] and not fits(call, events[index], arrow) do
        if not gap and not is_quiet(events[index]) then
          return ("expected %s, but saw %s (#%d)"):format(arrow.text, ladder.print(events[index]), events[index].frame),
            { events[index].frame }
        end
        index = index + 1
      end
      if not events[index] then
        return missing(call, events, start, arrow)
      end
      if late(events[index], before, arrow) then
        return ("%s came %.3f s after the arrow before it"):format(arrow.text, (events[index].at - before.at) / 1e6),
          { events[index].frame }
      end
      before, index, gap = events[index], index + 1, false
    end
  end
  while not gap and events[index] do
    if not is_quiet(events[index]) then
      return ("the ladder ends before %s (#%d)"):format(ladder.print(events[index]), events[index].frame),
        { events[index].frame }
    end
    index = index + 1
  end
end

return ladder
