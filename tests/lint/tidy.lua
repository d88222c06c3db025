--- The house rules that no compiler knows, one function each. Run as `lua5.4 tidy.lua SOURCE_ROOT`:
--- prints a line for each breach, in the notation of compilers, and ends with 1 when there was one.

local root <const> = assert(arg[1], "usage: tidy.lua SOURCE_ROOT")
local breaches = 0

local function breach(path, number, ...)
  breaches = breaches + 1
  print(string.format("%s:%d: %s", path, number, string.format(...)))
end

local FUNCTION_LINES <const>, SOURCE_LINES <const>, HEADER_LINES <const> = 70, 400, 200
local TEST_LINES <const> = 600 -- tables of cases read well at length

local CLOCKS <const> = {
  "time", "gettimeofday", "clock_gettime", "nanosleep", "clock_nanosleep", "usleep", "sleep",
}
local SOCKETS <const> = {
  "socket", "socketpair", "bind", "connect", "listen", "accept", "accept4",
}

-- The places a rule does not reach, each for a reason.
local EXCEPT <const> = {
  clock = {
    ["harness/clock/"] = "here the clock is read",
    ["bench/"] = "it measures",
  },
  socket = { ["harness/net/"] = "here sockets are opened" },
}

local function excepted(rule, path)
  for prefix in pairs(EXCEPT[rule]) do
    if path:sub(1, #prefix) == prefix then return true end
  end
  return false
end

local function lines_of(command)
  local pipe <close> = assert(io.popen(command))
  local found = {}
  for line in pipe:lines() do found[#found + 1] = line end
  return found
end

local function read(path)
  local file <close> = assert(io.open(root .. "/" .. path, "rb"))
  return file:read("a")
end

local function split(text)
  local lines = {}
  for line in text:gmatch("([^\n]*)\n") do lines[#lines + 1] = line end
  return lines
end

--- C with its strings and characters blanked, line for line, and its comments too unless they are
--- kept, so that a word in a sentence is no call.
local function bare(text, keep_comments)
  local out, at = {}, 1
  local function blank(part) return (part:gsub("[^\n]", " ")) end
  while at <= #text do
    local start = text:find("[/\"']", at)
    if not start then break end
    out[#out + 1] = text:sub(at, start - 1)
    local two, stop = text:sub(start, start + 1), start
    if two == "/*" then
      stop = select(2, text:find("*/", start + 2, true)) or #text
    elseif two == "//" then
      stop = (text:find("\n", start, true) or #text + 1) - 1
    elseif two:sub(1, 1) ~= "/" then
      local quote = two:sub(1, 1)
      stop = start + 1
      while stop < #text and text:sub(stop, stop) ~= quote do
        stop = stop + (text:sub(stop, stop) == "\\" and 2 or 1)
      end
    end
    local part = text:sub(start, stop)
    local kept = part == "/" or (keep_comments and part:sub(1, 1) == "/")
    out[#out + 1] = kept and part or blank(part)
    at = stop + 1
  end
  out[#out + 1] = text:sub(at)
  return table.concat(out)
end

local function check_blanks(path, text, lines)
  if text ~= "" and text:sub(-1) ~= "\n" then
    breach(path, #lines + 1, "the file does not end with a newline")
  end
  for number, line in ipairs(lines) do
    if line:find("[ \r]$") then breach(path, number, "blanks at the end of the line") end
    if line:find("\t", 1, true) then breach(path, number, "a tab") end
  end
end

local function check_words(path, lines)
  for number, line in ipairs(lines) do
    for _, word in ipairs { "TO" .. "DO", "FIX" .. "ME" } do
      if line:find("%f[%w]" .. word .. "%f[%W]") then
        breach(path, number, "%s: do it, or leave it out", word)
      end
    end
  end
end

-- Written so that this file does not name what it looks for.
local MACHINE_PATHS <const> = { "/" .. "work/", "/" .. "tmp/h/", "/" .. "home/" }

local function check_paths(path, lines)
  for number, line in ipairs(lines) do
    for _, place in ipairs(MACHINE_PATHS) do
      local at = line:find(place, 1, true)
      if at and not line:sub(1, at - 1):find("[%w_.}]$") then
        breach(path, number, "names %s, a place of one machine", place)
      end
    end
  end
end

--- clang-format puts the brace that opens a function, and the one that ends it, alone in the first
--- column.
local function check_functions(path, lines)
  local opened
  for number, line in ipairs(lines) do
    if line == "{" then
      opened = number
    elseif line == "}" and opened then
      local length = number - opened - 1
      if length > FUNCTION_LINES then
        breach(path, opened, "a function of %d lines; %d are allowed", length, FUNCTION_LINES)
      end
      opened = nil
    end
  end
end

local function check_length(path, lines)
  local most = path:find("%.h$") and HEADER_LINES or SOURCE_LINES
  if path:find("_internal%.h$") then most = SOURCE_LINES end
  if path:find("^tests/") then most = TEST_LINES end
  if #lines > most then breach(path, 1, "%d lines; %d are allowed", #lines, most) end
end

local function check_calls(path, lines, rule, names, place)
  if excepted(rule, path) then return end
  for number, line in ipairs(lines) do
    for _, name in ipairs(names) do
      if line:find("%f[%w_]" .. name .. "%(") and not line:find("[.>]" .. name .. "%(") then
        breach(path, number, "%s() belongs in %s", name, place)
      end
    end
  end
end

--- A private header is for the files beside it, and for the unit tests of its library.
local function check_includes(path, lines)
  local library = path:match("^harness/([^/]+)/") or path:match("^tests/unit/([^/]+)/")
  for number, line in ipairs(lines) do
    local header = line:match('^#include "([%w_]+_internal%.h)"')
    local beside <close> = header and
      io.open(("%s/harness/%s/%s"):format(root, library or "", header), "rb")
    if header and not beside then
      breach(path, number, "%s is private to another library", header)
    end
  end
end

local function check_listed(path)
  local folder, name = path:match("^(.*)/([^/]+%.c)$")
  local list <close> = io.open(root .. "/" .. folder .. "/CMakeLists.txt", "rb")
  if not list then return breach(path, 1, "%s has no CMakeLists.txt", folder) end
  local stem = name:gsub("%.c$", ""):gsub("^fuzz_", "")
  for word in list:read("a"):gmatch("[%w_.]+") do
    if word == name or word == stem then return end
  end
  breach(path, 1, "is in no list of %s/CMakeLists.txt, so nothing builds it", folder)
end

local function check_c(path, text, lines)
  local code = split(bare(text))
  check_length(path, lines)
  check_functions(path, lines)
  check_includes(path, lines)
  check_calls(path, code, "clock", CLOCKS, "harness/clock")
  if path:find("^harness/") then check_calls(path, code, "socket", SOCKETS, "harness/net") end
  if path:find("%.c$") then check_listed(path) end
end

--- Tracked files: what stands half written beside them is nobody's concern yet. A release without
--- its history is walked instead.
local function tracked()
  local quoted = "'" .. root:gsub("'", "'\\''") .. "'"
  local files = lines_of("git -C " .. quoted .. " ls-files --cached 2>/dev/null")
  if #files > 0 then return files end
  local folders = "CMakeLists.txt harness tests lua scenarios topologies cmake bench docs " ..
    "reports/viewer reports/sample"
  return lines_of("cd " .. quoted .. " && find " .. folders .. " -type f | sort")
end

local TEXT <const> = {
  c = true, h = true, def = true, lua = true, md = true, txt = true, cmake = true, json = true,
  js = true, css = true, html = true,
}

local function check(path)
  local ending = path:match("%.(%w+)$")
  if not TEXT[ending] then return end
  local text = read(path)
  local lines = split(text)
  check_paths(path, lines)
  if ending == "md" or ending == "json" then return end
  local is_c = ending == "c" or ending == "h"
  check_words(path, is_c and split(bare(text, true)) or lines)
  check_blanks(path, text, lines)
  if is_c then check_c(path, text, lines) end
end

local count = 0
for _, path in ipairs(tracked()) do
  local present = io.open(root .. "/" .. path, "rb")
  if present then
    present:close()
    count = count + 1
    check(path)
  end
end
print(string.format("%d files, %d breaches", count, breaches))
os.exit(breaches == 0 and count > 0 and 0 or 1)
