--- The stubs in lua/meta name what the code has: every method and its parameters, and every field.

local act <const> = require "ds.act"
local ds <const> = require "ds"
local support <const> = require "support"
local test <const>, same <const> = support.test, support.same

local classes <const> = {
  "ds.Net", "ds.Node", "ds.Request", "ds.Call", "ds.Program", "ds.Wire", "ds.CallSeen", "ds.Audio",
  "ds.Fault", "ds.Schedule", "ds.Fax",
}

--- "name(a, b)" of every function of a class in this text, by class. A class is what the annotation
--- above a local table says.
local function add_functions(text, by_class)
  local class_of <const> = {}
  for class, name in text:gmatch("%-%-%-@class (ds[%w.]*)\n[^\n]*local (%w+)") do
    class_of[name] = class
    by_class[class] = by_class[class] or {}
  end
  for name, method, parameters in text:gmatch("\nfunction (%w+)[:.](%w[%w_]*)(%b())") do
    local list <const> = by_class[class_of[name]]
    if list then
      list[#list + 1] = method .. parameters
    end
  end
end

--- A stub's fields stand between its class and its table.
local function bare(text)
  return (text:gsub("%-%-%-@field[^\n]*\n", ""))
end

local function sorted(list)
  table.sort(list)
  return table.concat(list, "\n")
end

local function read(...)
  return support.read(table.concat { support.root, "/", ... })
end

local function stub_of(class)
  return read("lua/meta/", class, ".lua")
end

--- The names after `---@field` below a class, up to the first line that is none.
local function fields_of(class, text)
  local list <const> = {}
  local block <const> = (text .. "\n\n"):match("%-%-%-@class " .. class .. "\n(.-)\n[^-]")
  for name in block:gmatch("%-%-%-@field ([%w_]+)") do
    list[#list + 1] = name
  end
  return sorted(list)
end

local code <const> = {}
for _, name in ipairs { "act", "expect", "fax", "migration", "program" } do
  add_functions(read("lua/ds/", name, ".lua"), code)
end

for _, class in ipairs(classes) do
  test(class .. " has a stub for every method, and no other", function()
    local stubs <const> = {}
    add_functions(bare(stub_of(class)), stubs)
    assert(#code[class] > 0, "the code has no methods")
    same(sorted(stubs[class]), sorted(code[class]))
  end)
end

test("every class of the code is one of these", function()
  local seen <const> = {}
  for class in pairs(code) do
    seen[#seen + 1] = class
  end
  same(sorted(seen), sorted { table.unpack(classes) })
end)

test("ds has a stub for every function, and no other", function()
  local in_code <const>, stubs = {}, {}
  for method, parameters in read("lua/ds/init.lua"):gmatch("\nfunction ds%.([%w_]+)(%b())") do
    in_code[#in_code + 1] = method .. parameters
  end
  add_functions(bare(stub_of("ds")), stubs)
  same(sorted(stubs.ds), sorted(in_code))
end)

test("ds has a stub for every unit and list, and no other", function()
  local values <const> = {}
  for name, value in pairs(ds) do
    values[#values + 1] = type(value) ~= "function" and name or nil
  end
  same(fields_of("ds", stub_of("ds")), sorted(values))
end)

test("a scenario has the fields that its stub says", function()
  local sentence <const> = support.refused("no field", function() ds.scenario { [""] = 1 } end)
  local names <const> = {}
  for name in sentence:match("it has: (.*)$"):gmatch("[%w_]+") do
    names[#names + 1] = name
  end
  same(fields_of("ds.Scenario", stub_of("ds.Scenario")), sorted(names))
end)

test("a node has the fields that its stub says", function()
  local names <const> = { "av_address", "extension", "team" }
  for name in pairs(act.net().alice) do
    names[#names + 1] = name ~= "core" and name or nil
  end
  same(fields_of("ds.Node", stub_of("ds.Node")), sorted(names))
end)

test("what directsip tells of a capture is what the stubs say", function()
  local source <const> = read("harness/script/l_trace.c")
  local stub <const> = stub_of("ds.CallSeen")
  local given_elsewhere <const> = {
    call = { "events", "hops", "flows", "faxes", "roles" },
    flow = { "payload_types", "spells", "voices" },
    fax = { "pages" },
  }
  for what, class in pairs { call = "ds.CallSeen", event = "ds.EventSeen", hop = "ds.HopSeen",
    flow = "ds.FlowSeen", fax = "ds.FaxSeen", spell = "ds.SpellSeen" } do
    local names <const> = { table.unpack(given_elsewhere[what] or {}) }
    for _, part in ipairs { what, what .. "_quality" } do
      local body <const> = source:match("\nstatic void push_" .. part .. "%(.-\n}") or ""
      for name in body:gmatch("set_%w+%(lua, \"([%w_]+)\"") do
        names[#names + 1] = name
      end
    end
    same(fields_of(class, stub), sorted(names))
  end
end)
