--- Keeps what a fuzzer learnt in one file: the smallest inputs of a folder, which cover most, each
--- behind its length.
---
--- Usage: lua5.4 keep.lua FOLDER FILE [BYTES]
---
--- FOLDER is best what `fuzz_… -merge=1 FOLDER LEARNT` makes of all that was learnt. FILE is to be
--- corpus/<fuzzer>.inputs, which fuzz.lua starts from and every build replays.

local folder <const>, path <const> = arg[1], arg[2]
local most <const> = math.tointeger(tonumber(arg[3] or 40000))

local function read(name)
  local file <const> = assert(io.open(folder .. "/" .. name, "rb"))
  local bytes <const> = file:read "a"
  file:close()
  return bytes
end

local inputs <const> = {}
local pipe <const> = assert(io.popen("ls '" .. folder .. "'"))
for name in pipe:lines() do
  inputs[#inputs + 1] = read(name)
end
pipe:close()
table.sort(inputs, function(a, b)
  return #a ~= #b and #a < #b or #a == #b and a < b
end)

local file <const> = assert(io.open(path, "wb"))
local total, kept = 0, 0
for _, bytes in ipairs(inputs) do
  if #bytes > 0 and total + 4 + #bytes <= most then
    file:write(("<s4"):pack(bytes))
    total, kept = total + 4 + #bytes, kept + 1
  end
end
file:close()
print(("%d of %d inputs, %d bytes"):format(kept, #inputs, total))
