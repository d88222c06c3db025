--- No writable globals: everything a run changes belongs to an object that the run owns. Run as
--- `lua5.4 objects.lua BUILD_FOLDER` after the libraries are built. Constant tables of addresses
--- stand in .data.rel.ro, which the loader closes; `nm` would show them as data.

local build <const> = assert(arg[1], "usage: objects.lua BUILD_FOLDER")
local WRITABLE <const> = { "^%.data$", "^%.data%.", "^%.bss", "^%.tdata", "^%.tbss", "^%*COM%*$" }

local function is_writable(section)
  if section:find("^%.data%.rel%.ro") then return false end
  for _, pattern in ipairs(WRITABLE) do
    if section:find(pattern) then return true end
  end
  return false
end

local function lines_of(command)
  local pipe <close> = assert(io.popen(command))
  local found = {}
  for line in pipe:lines() do found[#found + 1] = line end
  return found
end

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local breaches = 0

local function check(library)
  local member = "?"
  for _, line in ipairs(lines_of("objdump -t " .. quote(library))) do
    member = line:match("^(%S+%.o):") or member
    local section, size, name = line:match("^%x+ .......%s(%S+)%s+(%x+)%s+(%S+)$")
    if section and is_writable(section) and tonumber(size, 16) > 0 and name ~= section then
      breaches = breaches + 1
      print(string.format("%s(%s): %s is writable (%s)", library:match("[^/]+$"), member, name,
        section))
    end
  end
end

local libraries <const> = lines_of("find " .. quote(build .. "/harness") .. " -name 'libds_*.a'")
for _, library in ipairs(libraries) do check(library) end
print(string.format("%d libraries, %d breaches", #libraries, breaches))
if #libraries == 0 then os.exit(77) end
os.exit(breaches == 0)
