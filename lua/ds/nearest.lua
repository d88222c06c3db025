--- The nearest miss: of the messages that came, the one that is most like the one expected, and the
--- fields in which the two differ.
---
--- Near is a message that says the same between other elements, or another between the same two. Of
--- several the one with the fewest differences is taken, and of those the first from where it was
--- due; what came before is named only where nothing else is near.

local nearest <const> = {}

local function is_at(roles, place, name)
  return place == name or roles[place] == name
end

--- "183 SDP", "200 (BYE)", "INVITE +15550142 SDP": what each of the words is.
local function parts(label)
  local made <const> = { message = label:match("^%S+") or "" }
  for word in label:sub(#made.message + 1):gmatch("%S+") do
    local kind <const> = word == "SDP" and "SDP" or word:find("^%(") and "transaction" or "number"
    made[kind] = word
  end
  return made
end

local function add(list, field, expected, seen)
  list[#list + 1] = { field = field, expected = expected, seen = seen or "none" }
end

--- The fields in which a message is not what was expected, in the order in which an arrow has them.
local function differences(roles, expected, event)
  local list <const> = {}
  for _, field in ipairs { "from", "to" } do
    if not is_at(roles, event[field], expected[field]) then
      add(list, field, expected[field], event[field])
    end
  end
  local ends <const> = #list
  local wanted <const>, said = parts(expected.label), parts(event.label)
  for _, field in ipairs { "message", "transaction", "number", "SDP" } do
    if wanted[field] and wanted[field] ~= said[field] then
      add(list, field, wanted[field], said[field])
    end
  end
  local begins <const> = (event.label .. " "):sub(1, #expected.label + 1) == expected.label .. " "
  if #list == ends and not begins then
    add(list, "words", expected.label, event.label)
  end
  return list
end

local function is_near(list)
  local in_field <const> = {}
  for _, difference in ipairs(list) do
    in_field[difference.field] = true
  end
  return not in_field.message or not (in_field.from or in_field.to)
end

local function better(one, other)
  return not other or #one.differences < #other.differences
end

--- The message of `events` from `first` to `last` that is nearest, or nil.
local function search(roles, events, first, last, expected)
  local best
  for index = first, last do
    local event <const> = events[index]
    local found <const> = { event = event, differences = differences(roles, expected, event) }
    if not event.again and is_near(found.differences) and better(found, best) then
      best = found
    end
  end
  return best
end

--- The nearest of `events` to `expected` ({ from, to, label }), which was due at `index`: its
--- `event`, the `differences` and whether it came `early`; or nil.
function nearest.find(roles, events, index, expected)
  local later <const> = search(roles, events, index, #events, expected)
  if later then
    return later
  end
  local before <const> = search(roles, events, 1, index - 1, expected)
  if before then
    before.early = true
  end
  return before
end

--- "to (expected gw, saw med) and SDP (expected SDP, saw none)".
function nearest.differing(found)
  local list <const> = {}
  for index, each in ipairs(found.differences) do
    list[index] = ("%s (expected %s, saw %s)"):format(each.field, each.expected, each.seen)
  end
  local last <const> = table.remove(list)
  local others <const> = table.concat(list, ", ")
  return (others ~= "" and others .. " and " or "") .. (last or "nothing")
end

--- A clause for the end of a sentence: "the nearest was a -> b : 183 (#7), which differs in …".
function nearest.clause(found)
  local event <const> = found.event
  local text = ("the nearest seen was %s -> %s : %s (#%d)"):format(event.from, event.to,
    event.label, event.frame)
  if #found.differences > 0 then
    text = text .. ", which differs in " .. nearest.differing(found)
  end
  return found.early and text .. ", and came before its turn" or text
end

return nearest
