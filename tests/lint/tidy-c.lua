--- clang-tidy over the harness, as .clang-tidy says. Run as
--- `lua5.4 tidy-c.lua SOURCE_ROOT BUILD_FOLDER CLANG_TIDY`; the build folder must hold
--- compile_commands.json, as that of the preset `dev` does.
---
--- Half of what a file costs is clang-tidy's own start, so each start is given many files. The
--- first alone may speak of va_list: clang-tidy 14 looks up the names va_start, vsnprintf, …
--- once in a process, and takes every va_list of a later file for unset.

local root <const>, build <const>, tool <const> = arg[1], arg[2], arg[3]
local MOST <const> = 32 -- files a start; the last batches to end ought to be short

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- The sources, those first that use what only the first file of a batch may.
local function sources()
  local find <const> = "find %s -name '*.c' | sort"
  local pipe <close> = assert(io.popen(find:format(quote(root .. "/harness"))))
  local first <const>, others <const> = {}, {}
  for path in pipe:lines() do
    local list <const> = read(path):find "%f[%w_]va_" and first or others
    list[#list + 1] = path
  end
  return first, others
end

--- A batch a line, its paths ready for the shell: like shares, so that no batch ends late.
local function batches(first, others)
  local count <const> = math.max(#first, math.ceil((#first + #others) / MOST))
  local lines <const> = {}
  for index = 1, count do
    lines[index] = first[index] and quote(first[index]) or ""
  end
  for index, path in ipairs(others) do
    local line <const> = count - (index - 1) % count
    lines[line] = lines[line] .. " " .. quote(path)
  end
  return lines
end

local commands <const> = io.open(build .. "/compile_commands.json")
if not commands then
  print("no compile_commands.json in this build: use the preset dev")
  os.exit(77)
end
commands:close()

local first <const>, others <const> = sources()
assert(#first + #others > 0, "there are no sources in " .. root)
local each <const> = ("exec xargs -L 1 -P 2 %s -p %s --quiet"):format(quote(tool), quote(build))
local pipe <const> = assert(io.popen(each, "w"))
for _, line in ipairs(batches(first, others)) do
  assert(pipe:write(line, "\n"))
end
os.exit(pipe:close() == true)
