--- Writes docs/coverage.md: which statements of the planning guide, and which cases of interoperability
--- tests, are proven by what: `lua5.4 docs/coverage.lua > docs/coverage.md`. A test compares the two.

local root <const> = arg[1] or "."

--- The statements of the guide, numbered, each with its section, and the cases.
local function statements()
  local list <const> = {}
  for _, section in ipairs(dofile(root .. "/docs/coverage/guide.lua")) do
    for _, line in ipairs(section) do
      list[#list + 1] = {
        ("G%02d"):format(#list + 1), line[1], section = section.section, by = line.by,
        missing = line.missing, outside = line.outside,
      }
    end
  end
  return list, dofile(root .. "/docs/coverage/cases.lua")
end

local function standing(line)
  if line.outside then
    return "outside"
  elseif not line.by then
    return "not covered"
  end
  return line.missing and "in part" or "proven"
end

local function proofs(line)
  return (line.by:gsub("plan:", "directsip plan ")
    :gsub("directsip plan [%w_]+", function(plan) return "`" .. plan:gsub(" ", "\1") .. "`" end)
    :gsub("%f[^%s\0][%w][%w_/-]*", "`%0`"):gsub("\1", " "):gsub("` `", "`, `"))
end

local guide <const>, cases <const> = statements()

local function count(list, wanted)
  local number = 0
  for _, line in ipairs(list) do
    number = number + (standing(line) == wanted and 1 or 0)
  end
  return number
end

local function chapter(title, wanted, head, cells)
  local rows <const> = {}
  for _, list in ipairs { guide, cases } do
    for _, line in ipairs(list) do
      if standing(line) == wanted then
        local what <const> = line.section and ("%s: %s"):format(line.section, line[2]) or line[2]
        rows[#rows + 1] = ("| %s | %s | %s |"):format(line[1], what, cells(line))
      end
    end
  end
  print(("\n## %s\n"):format(title))
  if #rows == 0 then
    print "Nothing."
    return
  end
  print(("| id | %s |\n|---%s|"):format(head, ("|---"):rep(select(2, head:gsub("|", "")) + 1)))
  print(table.concat(rows, "\n"))
end

print [[
# Coverage

What of "Direct SIP deployment options in Lync Server 2013" (G, with its section) and of the cases of interoperability tests
that are published for gateways and PBXs (T) is proven here, and by which scenarios and requirements. What is not comes first.
Each requirement is seen to hold in a run of a scenario that stands beside it. Statements are in our words; sources are listed
in [sources.md](sources.md). Made by `docs/coverage.lua` from `docs/coverage/`.

| | proven | in part | not covered | outside |
|---|---|---|---|---|]]
for _, of in ipairs { { "the guide", guide }, { "cases", cases } } do
  print(("| %s | %d | %d | %d | %d |"):format(of[1], count(of[2], "proven"), count(of[2], "in part"),
    count(of[2], "not covered"), count(of[2], "outside")))
end

chapter("Not covered", "not covered", "statement | because", function(line) return line.missing end)
chapter("In part", "in part", "statement | proven by | not proven",
  function(line) return proofs(line) .. " | " .. line.missing end)
chapter("Proven", "proven", "statement | by", proofs)
chapter("Outside of what packets can show", "outside", "statement | because", function(line) return line.outside end)
