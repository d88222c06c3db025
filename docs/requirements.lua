--- Writes docs/requirements.md from the tables in the code: `lua5.4 docs/requirements.lua > docs/requirements.md`.
--- A test compares the two.

local root <const> = arg[1] or "."

local function read(path)
  local file <const> = assert(io.open(root .. "/" .. path))
  local text <const> = file:read "a"
  file:close()
  return text
end

--- The C string literals of one entry, glued and unescaped.
local function strings(entry)
  local list <const> = {}
  for text in entry:gmatch '"(.-[^\\])"' do
    list[#list + 1] = text:gsub('\\"', '"')
  end
  return list
end

local grades <const> = {
  DS_DOCUMENTED = "documented", DS_INFERRED = "inferred", DS_FROM_MEMORY = "from memory",
}

local defects <const> = {}
for role, name, rest in read("harness/roles/defects.def"):gmatch "DEFECT%(([%u_]+),%s*([%w_]+),%s*(.-)%)\n" do
  local id <const> = rest:match '^"([^"]+)"'
  if id then
    defects[id] = defects[id] or {}
    table.insert(defects[id], ("`%s:%s`"):format(role:lower(), name))
  end
end

print [[
# Requirements

What `directsip` judges: each sentence, where it is written, how sure that source is, and the misbehaviour of our own
elements that proves the check can fail. Made from `harness/check/requirements.def` and `harness/roles/defects.def`.
Sources in brackets are listed in [sources.md](sources.md). `directsip explain ID` names the runs that prove one.

| id | what must hold | source | grade | shown to fail by |
|---|---|---|---|---|]]

for _, rest in read("harness/check/requirements.def"):gmatch "REQUIREMENT%(([%w_]+),%s*(.-)%)\n" do
  local list <const> = strings(rest)
  local grade <const> = rest:match "(DS_[%u_]+)%s*$"
  if #list >= 3 then
    print(("| %s | %s | %s | %s | %s |"):format(list[1], list[2]:gsub("|", "\\|"), list[3], grades[grade] or grade,
      table.concat(defects[list[1]] or {}, ", ")))
  end
end
