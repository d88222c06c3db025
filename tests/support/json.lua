--- Reads JSON (RFC 8259), and judges it by a JSON schema, as far as docs/schema uses that notation.
---
--- Used as `local json <const> = dofile(…/tests/support/json.lua)`.

local json <const> = {}

--- null, which a table cannot hold otherwise.
json.null = setmetatable({}, { __tostring = function() return "null" end })

-- ---- reading ----

local escapes <const> = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

local function fail(at, what)
  error({ at = at, what = what }, 0)
end

local function skip_blanks(text, at)
  return text:match("^[ \t\r\n]*()", at)
end

local function read_escape(text, at)
  local letter <const> = text:sub(at, at)
  if letter == "u" then
    local high <const> = tonumber(text:match("^%x%x%x%x", at + 1) or fail(at, "no \\uXXXX"), 16)
    local low <const> = text:match("^\\u([dD][c-fC-F]%x%x)", at + 5)
    if high >= 0xD800 and high <= 0xDBFF and low then
      local code <const> = 0x10000 + (high - 0xD800) * 0x400 + tonumber(low, 16) - 0xDC00
      return utf8.char(code), at + 11
    end
    return utf8.char(high), at + 5
  end
  return escapes[letter] or fail(at, "no escape"), at + 1
end

local function read_string(text, at)
  local pieces <const> = {}
  while true do
    local plain <const>, stop = text:match('^([^"\\\0-\31]*)()', at)
    local c <const> = text:sub(stop, stop)
    pieces[#pieces + 1] = plain
    if c == '"' then
      return table.concat(pieces), stop + 1
    elseif c ~= "\\" then
      fail(stop, "a string that does not end")
    end
    pieces[#pieces + 1], at = read_escape(text, stop + 1)
  end
end

local read_value

local function read_list(text, at)
  local list <const> = { is_list = true }
  at = skip_blanks(text, at)
  if text:sub(at, at) == "]" then
    return list, at + 1
  end
  while true do
    list[#list + 1], at = read_value(text, at)
    at = skip_blanks(text, at)
    local c <const> = text:sub(at, at)
    if c == "]" then
      return list, at + 1
    elseif c ~= "," then
      fail(at, "neither ',' nor ']'")
    end
    at = at + 1
  end
end

local function read_member(text, at, members)
  at = skip_blanks(text, at)
  if text:sub(at, at) ~= '"' then
    fail(at, "no name of a member")
  end
  local name
  name, at = read_string(text, at + 1)
  at = skip_blanks(text, at)
  if text:sub(at, at) ~= ":" then
    fail(at, "no ':'")
  elseif members[name] ~= nil then
    fail(at, "a member twice: " .. name)
  end
  members[name], at = read_value(text, at + 1)
  return skip_blanks(text, at)
end

local function read_object(text, at)
  local object <const> = { members = {} }
  at = skip_blanks(text, at)
  if text:sub(at, at) == "}" then
    return object, at + 1
  end
  while true do
    at = read_member(text, at, object.members)
    local c <const> = text:sub(at, at)
    if c == "}" then
      return object, at + 1
    elseif c ~= "," then
      fail(at, "neither ',' nor '}'")
    end
    at = at + 1
  end
end

local words <const> = { ["true"] = true, ["false"] = false, ["null"] = json.null }

function read_value(text, at)
  at = skip_blanks(text, at)
  local c <const> = text:sub(at, at)
  if c == "{" then
    return read_object(text, at + 1)
  elseif c == "[" then
    return read_list(text, at + 1)
  elseif c == '"' then
    return read_string(text, at + 1)
  end
  local word <const> = text:match("^%l+", at)
  if word and words[word] ~= nil then
    return words[word], at + #word
  end
  local number <const> = text:match("^%-?%d+%.?%d*[eE]?[+-]?%d*", at)
  if not tonumber(number) or number:find "^%-?0%d" then
    fail(at, "no value")
  end
  return math.tointeger(tonumber(number)) and not number:find "[.eE]" and math.tointeger(number)
    or tonumber(number), at + #number
end

--- The value of a text: lists are tables with `is_list`, objects tables with `members`. Or nil and
--- a sentence.
function json.read(text)
  local fine <const>, value, at = pcall(read_value, text, 1)
  if not fine then
    if type(value) ~= "table" then error(value, 0) end
    return nil, ("byte %d: %s"):format(value.at, value.what)
  end
  at = skip_blanks(text, at)
  if at <= #text then
    return nil, ("byte %d: more than one value"):format(at)
  end
  return value
end

-- ---- judging ----

local function type_of(value)
  if type(value) ~= "table" then
    return math.type(value) or type(value)
  end
  return value == json.null and "null" or value.is_list and "array" or "object"
end

local function is_type(value, name)
  local kind <const> = type_of(value)
  return kind == name or name == "number" and (kind == "float" or kind == "integer")
end

local judge

--- What each keyword has to say against a value: a sentence, or nil.
local keywords <const> = {}

function keywords.type(value, name)
  return not is_type(value, name) and ("is no %s"):format(name)
end

function keywords.const(value, wanted)
  return value ~= wanted and ("is not %s"):format(wanted)
end

function keywords.enum(value, list)
  for _, each in ipairs(list) do
    if value == each then return nil end
  end
  return ("%s is none of those allowed"):format(value)
end

function keywords.minimum(value, least)
  return type(value) == "number" and value < least and ("is less than %s"):format(least)
end

function keywords.minLength(value, least)
  return type(value) == "string" and utf8.len(value) < least and "is too short"
end

function keywords.maxItems(value, most)
  return type_of(value) == "array" and #value > most and ("has more than %d items"):format(most)
end

--- Anchored alternatives of plain classes, which Lua's patterns know too.
function keywords.pattern(value, pattern)
  if type(value) ~= "string" then
    return nil
  end
  for each in pattern:gmatch "[^|]+" do
    if value:find(each) then return nil end
  end
  return ("'%s' is not like %s"):format(value, pattern)
end

function keywords.required(value, names)
  for _, name in ipairs(names) do
    if type_of(value) == "object" and value.members[name] == nil then
      return ("lacks '%s'"):format(name)
    end
  end
end

function keywords.items(value, schema, place)
  for index, each in ipairs(type_of(value) == "array" and value or {}) do
    local trouble <const> = judge(each, schema, place, ("[%d]"):format(index))
    if trouble then return trouble end
  end
end

function keywords.properties(value, schemas, place)
  local members <const> = type_of(value) == "object" and value.members or {}
  for name, schema in pairs(schemas.members) do
    local trouble <const> = members[name] ~= nil and judge(members[name], schema, place, "." .. name)
    if trouble then return trouble end
  end
end

function keywords.additionalProperties(value, allowed, _, schema)
  local members <const> = not allowed and type_of(value) == "object" and value.members or {}
  for name in pairs(members) do
    if schema.members.properties.members[name] == nil then
      return ("has '%s', which the schema does not know"):format(name)
    end
  end
end

--- "#/$defs/x" of the same file, or another file.
keywords["$ref"] = function(value, reference, place)
  local name <const> = reference:match "^#/%$defs/(.+)$"
  if name then
    return judge(value, place.schema.members["$defs"].members[name], place, "")
  end
  local other <const> = place.open(reference)
  return judge(value, other.schema, other, "")
end

local silent <const> = { ["$schema"] = true, ["$defs"] = true, title = true, description = true }

--- What speaks against a value: a sentence that begins with the way to it; or nil.
function judge(value, schema, place, way)
  for keyword, wanted in pairs(schema.members) do
    assert(keywords[keyword] or silent[keyword], "unknown keyword " .. keyword)
    local trouble <const> = not silent[keyword] and keywords[keyword](value, wanted, place, schema)
    if trouble then
      return way .. (trouble:find "^[.%[ ]" and "" or " ") .. trouble
    end
  end
end

--- A schema file, and those beside it that it names.
function json.schema(folder, name)
  local opened <const> = {}
  local function open(file)
    if not opened[file] then
      local stream <close> = assert(io.open(folder .. "/" .. file, "rb"))
      opened[file] = { schema = assert(json.read(stream:read "a")), open = open }
    end
    return opened[file]
  end
  local place <const> = open(name)
  return function(value) return judge(value, place.schema, place, "") end
end

return json
