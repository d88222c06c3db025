--- What `directsip defects` says and how it ends: when a misbehaviour is caught, and, below a root folder whose files
--- were tampered with, when it is missed or when something unrelated turns red.
---
--- Usage: lua5.4 verb.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()

local function expect(what, wanted, says, ...)
  local status <const>, output <const> = process.run(process.words(program, "defects", "-o",
    folder .. "/out", ...))
  process.check(status == wanted, ("%s: the exit status is %d, where %d is wanted: %s"):format(what,
    status, wanted, output))
  for _, text in ipairs(says) do
    process.check(output:find(text, 1, true) ~= nil, ("%s: it does not say '%s': %s"):format(what,
      text, output))
  end
  return output
end

--- A root of its own, in which a file's text is changed.
local function tampered_root(name, path, change)
  local root <const> = folder .. "/" .. name
  local status <const>, output <const> = process.run(process.words("mkdir", root) .. " && "
    .. process.words("cp", "-r", source .. "/lua", source .. "/scenarios", source .. "/topologies",
      root))
  assert(status == 0, output)
  local text <const>, changes <const> = change(process.read(source .. "/" .. path))
  assert(changes == 1, path .. " has nothing to be changed")
  process.write(root .. "/" .. path, text)
  return root
end

local function test_caught()
  local json <const> = folder .. "/kills.json"
  expect("by name", 0, { "caught", "pool:strips_plus", "1 misbehaviour: 1 caught, 0 missed" },
    "--root", source, "strips_plus", "--json", json)
  local text <const> = process.read(json) or ""
  process.check(text:find('"defect": "pool:strips_plus"', 1, true)
    and text:find('"verdict": "caught"', 1, true), "the JSON says: " .. text)
  expect("by requirement, saying why others are red", 0,
    { "with  BYP-20", "rerun  directsip run 'calls/", "--defect mediation:keeps_media" },
    "--root", source, "-v", "BYP-01")
  local output <const> = expect("quietly", 0, { "1 caught" }, "--root", source, "-q", "strips_plus")
  process.check(not output:find("strips_plus", 1, true), "quiet is not quiet: " .. output)
end

--- Whom nobody calls, nobody calls wrongly.
local function test_missed()
  local root <const> = tampered_root("missed", "scenarios/calls/busy.lua", function(text)
    return text:gsub("run = function.*\n}", "run = function() end,\n}")
  end)
  expect("a run that does not show it", 1,
    { "MISSED", "pool:strips_plus", "not-seen  RTE-01", "see    ", "--defect pool:strips_plus" },
    "--root", root, "strips_plus")
end

--- An element that misbehaves by itself is no part of what is being shown.
local function test_false_alarm()
  local root <const> = tampered_root("alarm", "topologies/voip_only.lua", function(text)
    return text:gsub('(role = "mediation",)', '%1 defects = { "anonymous_agent" },')
  end)
  expect("something unrelated is red", 1,
    { "false alarm", "pool:strips_plus", "fail  SIG-10", "1 with a false alarm" },
    "--root", root, "-q", "strips_plus")
end

local function test_clean()
  expect("without misbehaviour", 0, { "70 clean seeds over ", ": 0 failed, 0 requirements not proven" },
    "--root", source, "--clean", "70")
  local alarm <const> = tampered_root("unclean", "topologies/voip_only.lua", function(text)
    return text:gsub('(role = "mediation",)', '%1 defects = { "anonymous_agent" },')
  end)
  expect("an element that misbehaves by itself", 1,
    { "FAIL", "fail  SIG-10", "rerun  directsip run 'calls/", "--seed 8", "2 clean seeds over 1 run: 2 failed" },
    "--root", alarm, "--clean", "2", "--seed", "8", "strips_plus")
  local idle <const> = tampered_root("idle", "scenarios/signalling/trunk_shape.lua", function(text)
    return text:gsub("proves   = .*\n}", "run = function() end,\n}")
  end)
  expect("a run in which nothing is proven", 1, { "SIG-04 is not proven", "mediation:forwards_identity" },
    "--root", idle, "--clean", "1", "forwards_identity")
end

local function test_wrong_use()
  expect("no such misbehaviour", 2, { "no misbehaviour is chosen by this" }, "--root", source, "x:y")
  expect("no seed", 2, { "--clean wants one seed at least" }, "--root", source, "--clean", "0")
  expect("no matrix", 2, { "--json is for the matrix" }, "--root", source, "--clean", "1", "--json", "x")
  expect("no runs at once", 2, { "-j is at least 1" }, "--root", source, "-j", "0")
  local root <const> = tampered_root("gone", "scenarios/calls/busy.lua", function(text)
    return text:gsub('variants += [^\n]*', 'variants = { "bypass_off" },')
  end)
  expect("its run is gone", 2, { "there is no run 'calls/busy@voip_only:bypass_on/ev_to_pstn'" },
    "--root", root, "strips_plus")
end

test_caught()
test_missed()
test_false_alarm()
test_clean()
test_wrong_use()
process.finish()
