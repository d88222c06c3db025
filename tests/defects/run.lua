--- Switches every misbehaviour on, one at a time, and demands that its own requirement turns red, and none besides
--- those that defects.def allows with a reason.
---
--- Usage: lua5.4 run.lua DIRECTSIP SOURCE SCRATCH

local program <const>, source <const>, scratch <const> = table.unpack(arg)
local pairs_of <const> = dofile(source .. "/tests/defects/pairs.lua")
local at_once <const> = 6

local function read(path)
  local file <const> = io.open(path)
  local text <const> = file and file:read "a"
  if file then
    file:close()
  end
  return text
end

--- Every DEFECT(role, name, requirement, sentence, allowed), in the order of the file.
local function read_defects()
  local list <const> = {}
  local text <const> = read(source .. "/harness/roles/defects.def")
  local entry <const> = 'DEFECT%(%s*%u+,%s*([%l_%d]+),%s*"([%u%d-]+)",%s*"[^"]*",%s*"([^"]*)"%)'
  for name, requirement, allowed in text:gmatch(entry) do
    local ids <const> = {}
    for id in allowed:gmatch "([%u]+%-%d+):" do
      ids[id] = true
    end
    list[#list + 1] = { name = name, requirement = requirement, allowed = ids }
  end
  return list
end

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function start(defect)
  defect.folder = scratch .. "/" .. defect.name
  local run <const> = pairs_of[defect.name]
  if not run then
    error("tests/defects/pairs.lua names no run for " .. defect.name)
  end
  local command <const> = ("cd %s && %s run %s --defect %s -q -j 1 -o %s 2>&1"):format(
    quote(source), quote(program),
    quote(run), defect.name, quote(defect.folder))
  defect.pipe = io.popen(command)
end

--- The requirements that failed, by the verdict the run left behind.
local function red_ids(folder)
  local listing <const> = io.popen("ls " .. quote(folder))
  local run <const> = listing:read "l"
  listing:close()
  local text <const> = run and read(folder .. "/" .. run .. "/verdict.json")
  if not text then
    return nil
  end
  local red, id = {}, nil
  for line in text:gmatch "[^\n]+" do
    id = line:match '^%s*"id": "([^"]*)"' or id
    if line:match '^%s*"verdict": "fail"' and id ~= "" then
      red[id] = true
    end
  end
  return red
end

local function sorted(set)
  local list <const> = {}
  for key in pairs(set) do
    list[#list + 1] = key
  end
  table.sort(list)
  return table.concat(list, " ")
end

--- nil, or what is wrong.
local function judge(defect)
  local output <const> = defect.pipe:read "a"
  defect.pipe:close()
  local red <const> = red_ids(defect.folder)
  if not red then
    return "the run left no verdict: " .. output
  end
  if not red[defect.requirement] then
    return ("%s is not red; red are: %s"):format(defect.requirement, sorted(red))
  end
  for id in pairs(red) do
    if id ~= defect.requirement and not defect.allowed[id] then
      return ("%s is red and ought not to be; red are: %s"):format(id, sorted(red))
    end
  end
end

local defects <const> = read_defects()
local passed, failed = 0, 0
for first = 1, #defects, at_once do
  local last <const> = math.min(first + at_once - 1, #defects)
  for index = first, last do
    start(defects[index])
  end
  for index = first, last do
    local trouble <const> = judge(defects[index])
    print(("%-8s %-8s %s"):format(trouble and "MISSED" or "caught", defects[index].requirement,
      defects[index].name))
    if trouble then
      print("         " .. trouble)
    end
    passed, failed = passed + (trouble and 0 or 1), failed + (trouble and 1 or 0)
  end
end
os.execute("rm -rf " .. quote(scratch))
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0 and passed > 0)
