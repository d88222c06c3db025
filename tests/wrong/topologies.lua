--- Changes to topologies/voip_only.lua that make it contradict itself: `old` becomes `new`, and
--- `says` is what directsip has to say of it, with the line.
---
--- Usage: lua5.4 topologies.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const>, refused <const> =
  dofile(source .. "/tests/wrong/refusal.lua")(program, source)
local folder <const> = process.folder()

local topologies <const> = {
  { old = 'role = "gateway"', new = 'role = "gatway"', says = ":25: 'gatway' is no role" },
  { old = "bypass = true }", new = "third_party_refer = true }",
    says = ":%d+: third_party_refer stands in for REFER" },
  { old = 'via = "pstn"', new = 'via = "mars"', says = ":64: .*'mars', which is no node" },
  { old = '"tcp:5066", ', new = "", says = ":36: .*'gateway' has no TCP port" },
  { old = "+14255550102", new = "+14255550101", says = ":%d+: 'alice' and 'bob' have the same" },
  { old = '"voip_only"', new = '"behind_pbx"', says = ":9: behind_pbx needs a pbx" },
  { old = "  domain =", new = "  colour = 1, domain =", says = ":10: .*no 'colour'; it knows" },
  { old = 'site = "branch"', new = 'site = "moon"', says = ":79: .*'moon', which is no site" },
  { old = "127.0.10.0/24", new = "127.0.1.0/24", says = ":16: the nets of .* overlap" },
  { old = "127.0.10.0/24", new = "10.1.2.0/24", says = ":30: .* is not on loopback" },
  { old = "^(\\d{3})$", new = "^(\\d{3}$", says = ":48: .*cannot be used" },
  { old = '"voip_only"', new = "nothing.at", says = ":9: attempt to index a nil value" },
  { old = "return {", new = "while true do end\nreturn {", says = ":8: .* computes too long" },
  { old = "users = 100", new = "users = 0", says = ":72: users of traffic must be a whole number" },
  { old = "users = 100", new = "user = 100", says = ":72: .*did you mean 'users'" },
  { old = "return {", new = "return {{", says = ":%d+: '}' expected" },
}

--- `text` with the first `old` as it stands there replaced.
local function replace(text, old, new)
  local first <const>, last <const> = text:find(old, 1, true)
  assert(first, ("topologies/voip_only.lua has no '%s' any more"):format(old))
  return text:sub(1, first - 1) .. new .. text:sub(last + 1)
end

local right <const> = process.read(source .. "/topologies/voip_only.lua")
for _, wrong in ipairs(topologies) do
  local path <const> = process.write(folder .. "/topology.lua",
    replace(right, wrong.old, wrong.new))
  refused("topology%.lua" .. wrong.says, "run", "calls/busy", "--topology", path,
    "--root", source, "-o", folder .. "/out")
end
process.finish()
