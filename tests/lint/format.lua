--- Every tracked C file is laid out as clang-format would. Run as
--- `lua5.4 format.lua SOURCE_ROOT CLANG_FORMAT`.

local root <const>, tool <const> = arg[1], arg[2]
local list <const> = "cd '" .. root:gsub("'", "'\\''") .. "' && git ls-files '*.c' '*.h'"
local format <const> = " | xargs -d '\\n' '" .. tool .. "' --dry-run -Werror"

if not os.execute(list .. " | grep -q .") then os.exit(77) end
os.exit(os.execute(list .. format) == true)
