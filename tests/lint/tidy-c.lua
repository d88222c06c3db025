--- clang-tidy over the harness, as .clang-tidy says. Run as
--- `lua5.4 tidy-c.lua SOURCE_ROOT BUILD_FOLDER CLANG_TIDY`; the build folder must hold
--- compile_commands.json, as that of the preset `dev` does.

local root <const>, build <const>, tool <const> = arg[1], arg[2], arg[3]

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local commands <const> = io.open(build .. "/compile_commands.json")
if not commands then
  print("no compile_commands.json in this build: use the preset dev")
  os.exit(77)
end
commands:close()

-- One file at a time: clang-tidy 14, given several, takes the va_list of the second for unset.
local each <const> = "find %s -name '*.c' -print0 | sort -z | xargs -0 -n 1 -P 2 %s -p %s --quiet"
os.exit(os.execute(each:format(quote(root .. "/harness"), quote(tool), quote(build))) == true)
