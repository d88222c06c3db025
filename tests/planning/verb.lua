--- What `directsip plan` says of each shipped topology is what golden/ has, in 80 columns; a load of
--- the command line takes the place of the file's; and a scenario that expects what the plan does
--- not say fails.
---
--- Usage: lua5.4 verb.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")

local function plan(...)
  local status <const>, output <const> = process.run(process.words(program, "plan", "--root",
    source, ...))
  process.check(status == 0, output)
  return output
end

local function says(output, text)
  process.check(output:find(text, 1, true) ~= nil, ("it does not say '%s': %s"):format(text, output))
end

local function check_width(name, output)
  for line in output:gmatch "[^\n]+" do
    process.check(#line <= 80, ("%s: %d columns: %s"):format(name, #line, line))
  end
end

local function test_golden()
  local _, list <const> = process.run("ls " .. process.quote(source .. "/topologies"))
  local count = 0
  for name in list:gmatch "([%w_]+)%.lua" do
    local path <const> = ("%s/tests/planning/golden/%s.txt"):format(source, name)
    local golden <const>, output = process.read(path), plan(name)
    count = count + 1
    process.check(golden == output, ("%s is not as golden/%s.txt:\n%s"):format(name, name, output))
    check_width(name, output)
  end
  process.check(count >= 7, "topologies are missing")
end

local function test_choices()
  local output <const> = plan("in_front_of_pbx:inter_trunk", "--load",
    "ev=400,pbx=1200,erlangs=0.12,outside=60%,blocking=0.1%")
  says(output, "in_front_of_pbx:inter_trunk, option in_front_of_pbx")
  says(output, "pbx   1200 users, 0.12 E each, 60 % of it outside")
  says(output, "0.1 % of the calls may find every channel taken")
  check_width("inter_trunk", output)
  says(plan("behind_pbx", "--bypass", "off"), "audio  alice = mediation = gateway = pbx = pstn\n")
end

--- The same run, with something in its scenario changed, is red, and says by what.
local function test_proof(old, new, sentence)
  local text <const> = process.read(source .. "/scenarios/planning/without_gateway.lua")
  local from <const>, to = text:find(old, 1, true)
  process.check(from, "the scenario has no " .. old)
  local path <const> = process.write(process.folder() .. "/changed.lua",
    text:sub(1, from - 1) .. new .. text:sub(to + 1))
  local status <const>, output <const> = process.run(process.words(program, "run", "--root", source,
    "-w", "sim", "-o", process.folder() .. "/out", "-t", "behind_pbx:bypass_on", path))
  process.check(status == 1, output)
  says(output, sentence)
end

test_golden()
test_choices()
test_proof('net.gateway:fail()', "", "was answered; the plan says it stops")
test_proof('net.gateway:fail()', "net.mediation:fail()",
  "without gateway the INVITE came to pool; the plan has it go alice > pool > mediation > gateway")
test_proof('as_planned("gateway")', "as_planned()", "was refused; the plan says it is answered")
process.finish()
