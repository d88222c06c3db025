--- People move: who they are, what is told to whom and when, and what goes wrong.

local core <const> = require "ds.core"
local migration <const> = require "ds.migration"
local support <const> = require "support"
local test <const>, same <const>, says <const> = support.test, support.same, support.says

--- What happens, in its order.
local told

--- A node that notes what it is told. A client is there once its user has come.
local function node(name, role, fields)
  local made <const> = { name = name, role = role, core = {} }
  for key, value in pairs(fields or {}) do
    made[key] = value
  end
  function made.core.successor() return made.successor end
  function made.core.is_there() return made.there or false end
  function made.core.enter(_, phone, moved)
    told[#told + 1] = ("%s: %s %s"):format(name, phone.name, moved and "forth" or "back")
  end
  function made.core.migrate(_, to)
    if made.busy then
      return nil, name .. " is in a call, and cannot move"
    end
    told[#told + 1] = ("%s goes to %s"):format(name, to.name)
    to.came()
    made.there = false
    return true
  end
  made.core.name = name
  function made.core.came() made.there = not made.deaf end
  return made
end

local function deployment()
  told = {}
  return {
    node("pool", "pool"), node("mediation", "mediation"), node("gateway", "gateway"),
    node("pbx", "pbx"), node("alice", "client", { site = "headquarters" }),
    node("carol", "phone", { site = "branch", team = "sales", successor = "carol_lync" }),
    node("carol_lync", "client", { site = "branch", team = "sales" }),
    node("dave", "phone", { site = "headquarters", team = "sales", successor = "dave_lync" }),
    node("dave_lync", "client", { site = "headquarters", team = "sales" }),
  }
end

local function find(nodes, name)
  for _, one in ipairs(nodes) do
    if one.name == name then
      return one
    end
  end
end

--- What `act` ("migrate", "migrate_back") says of its trouble; nil: there was none.
local function run(act, nodes, who, options)
  local net <const>, names = {}, {}
  for index, one in ipairs(nodes) do
    net[one.name], names[index] = one, one.name
  end
  core.node_names = function() return names end
  local fine <const>, trouble = support.run(function()
    migration.net[act](net, who, options)
  end)
  return not fine and trouble or nil
end

test("who moves is a user of the pool first, and called there last", function()
  local nodes <const> = deployment()
  same(run("migrate", nodes, { find(nodes, "carol") }), nil)
  same(told, { "pool: carol forth", "carol goes to carol_lync", "gateway: carol forth",
    "pbx: carol forth" })
  same(find(nodes, "carol").moved_to, find(nodes, "carol_lync"))
end)

test("who comes back does so in that order backwards", function()
  local nodes <const> = deployment()
  run("migrate", nodes, { find(nodes, "carol") })
  told = {}
  same(run("migrate_back", nodes, { find(nodes, "carol") }), nil)
  same(told, { "gateway: carol back", "pbx: carol back", "carol_lync goes to carol",
    "pool: carol back" })
  same(find(nodes, "carol").moved_to, nil)
end)

test("a team moves, and so does a site", function()
  local nodes <const> = deployment()
  same(run("migrate", nodes, { team = "sales" }), nil)
  same({ find(nodes, "carol").moved_to.name, find(nodes, "dave").moved_to.name },
    { "carol_lync", "dave_lync" })
  nodes[#nodes] = nil
  local others <const> = deployment()
  same(run("migrate", others, { site = "branch" }), nil)
  same({ find(others, "carol").moved_to.name, find(others, "dave").moved_to }, { "carol_lync" })
end)

test("where only some are told nobody moves, and the run is marked", function()
  local nodes <const>, marked = deployment(), false
  core.half_told = function() marked = true end
  same(run("migrate", nodes, { find(nodes, "carol") }, { only = { find(nodes, "pbx") } }), nil)
  same(told, { "pbx: carol forth" })
  same({ marked, find(nodes, "carol").moved_to }, { true })
  says(run("migrate_back", nodes, { find(nodes, "carol") }, { only = { find(nodes, "alice") } }),
    "alice keeps no table of who has moved")
end)

test("who does not move is named", function()
  local nodes <const> = deployment()
  says(run("migrate", nodes, { find(nodes, "alice") }), "nobody moves from alice: no client has "
    .. "moves_from = \"alice\"")
  says(run("migrate", nodes, { "carol" }), "migrate takes telephones, as in { net.carol }")
  says(run("migrate", nodes, "sales"), "migrate takes telephones")
  says(run("migrate", nodes, { team = "board" }), "nobody of team 'board' is to move")
  says(run("migrate", nodes, { team = "sales", site = "branch" }), "migrate takes")
end)

test("who cannot move says why", function()
  local nodes <const> = deployment()
  find(nodes, "carol").busy = true
  says(run("migrate", nodes, { find(nodes, "carol") }), "carol is in a call, and cannot move")
  find(nodes, "dave_lync").deaf = true
  says(run("migrate", nodes, { find(nodes, "dave") }), "dave_lync could not sign in in 5 s")
end)
