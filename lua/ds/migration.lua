--- Incremental migration: administrators enter in the tables of the elements who has moved, and the
--- people sign in and out.

local core <const> = require "ds.core"
local ds <const> = require "ds"
local scheduler <const> = require "ds.scheduler"

local migration <const> = {}

local sign_in_us <const> = 5 * ds.s

-- ---- who ----

local groups <const> = { team = true, site = true }

local wanted <const> = "migrate takes telephones, as in { net.carol }, or { team = \"sales\" }"

--- Those of the list who are to move; or the first who is not.
local function by_name(list)
  if #list == 0 then
    return nil, wanted
  end
  for _, phone in ipairs(list) do
    if type(phone) ~= "table" or not phone.core then
      return nil, wanted
    elseif not phone.core:successor() then
      return nil, ("nobody moves from %s: no client has moves_from = \"%s\""):format(phone.name,
        phone.name)
    end
  end
  return list
end

--- All of a team or a site who are to move.
local function by_group(nodes, group, name)
  local people <const> = {}
  for _, node in ipairs(nodes) do
    if node[group] == name and node.core:successor() then
      people[#people + 1] = node
    end
  end
  if #people == 0 then
    return nil, ("nobody of %s '%s' is to move"):format(group, tostring(name))
  end
  return people
end

local function find(nodes, who)
  if type(who) ~= "table" then
    return nil, wanted
  end
  local group <const>, name <const> = next(who)
  if groups[group] and next(who, group) == nil then
    return by_group(nodes, group, name)
  end
  return by_name(who)
end

-- ---- what elements know ----

local is_router <const> = { pbx = true, gateway = true }

--- Enters in the tables of these elements, of one kind, where their people are.
local function tell(elements, is_meant, people, moved)
  for _, element in ipairs(elements) do
    if is_meant(element.role) then
      for _, phone in ipairs(people) do
        element.core:enter(phone.core, moved)
      end
    end
  end
end

local function pools(role) return role == "pool" end

local function routers(role) return is_router[role] end

local function anybody() return true end

--- With `only` the others are left in the dark, and nobody signs in or out.
local function tell_only(elements, people, moved)
  for _, element in ipairs(elements) do
    if element.role ~= "pool" and not is_router[element.role] then
      return ("%s keeps no table of who has moved: a pool, a PBX or a gateway does")
        :format(element.name)
    end
  end
  core.half_told()
  tell(elements, anybody, people, moved)
end

-- ---- the people ----

local function client_of(nodes, phone)
  local name <const> = phone.core:successor()
  for _, node in ipairs(nodes) do
    if node.name == name then
      return node
    end
  end
end

--- Signs everybody in or out, and waits until all are.
local function move(nodes, people, moved)
  for _, phone in ipairs(people) do
    local client <const> = client_of(nodes, phone)
    local from <const>, to <const> = moved and phone or client, moved and client or phone
    local done <const>, why = from.core:migrate(to.core)
    if not done then
      return why
    end
    phone.moved_to = moved and client or nil
  end
  for _, phone in ipairs(people) do
    local client <const> = client_of(nodes, phone)
    if not scheduler.wait(function() return client.core:is_there() == moved end, sign_in_us) then
      return ("%s could not sign %s in %s"):format(client.name, moved and "in" or "out",
        ds.duration(sign_in_us))
    end
  end
end

--- Who signs in is a user of the pool before, and called there afterwards; and back in that order.
local function migrate(nodes, who, options, moved)
  local people <const>, why = find(nodes, who)
  if not people then
    return why
  elseif options.only then
    return tell_only(options.only, people, moved)
  end
  tell(nodes, moved and pools or routers, people, moved)
  local trouble <const> = move(nodes, people, moved)
  tell(nodes, moved and routers or pools, people, moved)
  return trouble
end

-- ---- what scenarios say ----

local function nodes_of(net)
  local nodes <const> = {}
  for _, name in ipairs(core.node_names()) do
    nodes[#nodes + 1] = rawget(net, name)
  end
  return nodes
end

--- The acts of the network that this file has; ds.act has the others.
---@class ds.Net
local Net <const> = {}

--- People move from the PBX to Enterprise Voice: `net:migrate { net.carol }`, `{ team = "sales" }`.
function Net:migrate(who, options)
  local trouble <const> = migrate(nodes_of(self), who, options or {}, true)
  if trouble then
    error(trouble, 2)
  end
end

--- And back.
function Net:migrate_back(who, options)
  local trouble <const> = migrate(nodes_of(self), who, options or {}, false)
  if trouble then
    error(trouble, 2)
  end
end

migration.net = Net

return migration
