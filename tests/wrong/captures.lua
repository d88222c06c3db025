--- Files that are no captures, or damaged ones.
---
--- Usage: lua5.4 captures.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const>, refused <const> =
  dofile(source .. "/tests/wrong/refusal.lua")(program, source)
local folder <const> = process.folder()

local header <const> = string.pack("<I4I2I2I4I4I4", 0xa1b2c3d4, 2, 4, 0, 0, 65535)
local captures <const> = {
  { "empty", "", "is empty" },
  { "text", "INVITE sip:alice@contoso.example SIP/2.0\r\n\r\n", "is text, not a capture" },
  { "short_header", header:sub(1, 10), "short_header" },
  { "unknown_link", header .. string.pack("<I4I4I4I4I4", 147, 0, 0, 4, 4) .. "abcd",
    "link type 147" },
  { "huge_frame", header .. string.pack("<I4I4I4I4I4", 1, 0, 0, 0x7fffffff, 0x7fffffff) .. "abcd",
    "huge_frame is damaged at byte 24" },
  { "cut", header .. string.pack("<I4I4I4I4I4", 1, 0, 0, 100, 100) .. "abcd",
    "cut is damaged at byte 24" },
}
for _, capture in ipairs(captures) do
  local path <const> = process.write(folder .. "/" .. capture[1], capture[2])
  refused(capture[3], "show", path)
  refused(capture[3], "check", "--topology", "voip_only", "--root", source, path)
end
refused("Is a directory", "show", folder)
refused("No such file", "show", folder .. "/nonesuch.pcap")
process.finish()
