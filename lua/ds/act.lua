--- The network a scenario acts on: `net.alice`, `net.gateway`, and the calls people hold.

local core <const> = require "ds.core"
local ds <const> = require "ds"
local migration <const> = require "ds.migration"
local scheduler <const> = require "ds.scheduler"

local act <const> = {}

---@class ds.Call
local Call <const> = {}
Call.__index = Call

---@class ds.Node
local Node <const> = {}
Node.__index = Node

local default_wait_us <const> = 5 * ds.s

local function call_of(core_end)
  return setmetatable({ core = core_end }, Call)
end

--- Does to the end what `verb` says. An impossible wish fails two callers up: in the scenario.
local function order(call, verb, ...)
  local done <const>, why = call.core[verb](call.core, ...)
  if not done then
    error(why, 3)
  end
end

local states <const> = {
  ringing = true, early_media = true, answered = true, held = true, failed = true, ended = true,
}

--- One sentence on what there is instead of what was waited for.
local function instead(call)
  local status <const> = call.core:status()
  local said <const> = status ~= 0 and (" (%d %s)"):format(status, core.reason(status)) or ""
  return ("%s's call with %s is %s%s"):format(call.core:place(), call.core:peer_number(),
    call:state(), said)
end

--- Waits for the state, or for the end of the call: a call that is over reaches nothing any more.
local function await(call, state, within_us)
  within_us = within_us or default_wait_us
  local function settled() return call.core:is(state) or call:is_over() end
  local in_time <const> = scheduler.wait(settled, within_us)
  if not call.core:is(state) then
    local waited <const> = in_time and "" or (" after %s"):format(ds.duration(within_us))
    error(("waited for %s, but%s %s"):format(state, waited, instead(call)), 3)
  end
end

function Call:ring()
  order(self, "ring")
  return self
end

function Call:early_media()
  order(self, "early_media")
  return self
end

function Call:answer()
  order(self, "answer")
  return self
end

function Call:refuse(status)
  order(self, "refuse", status)
  return self
end

function Call:busy()
  order(self, "refuse", 486)
  return self
end

function Call:decline()
  order(self, "refuse", 603)
  return self
end

function Call:hang_up()
  order(self, "hang_up")
  return self
end

function Call:cancel()
  order(self, "hang_up")
  return self
end

function Call:mute()
  order(self, "talk", false)
  return self
end

function Call:unmute()
  order(self, "talk", true)
  return self
end

function Call:hold(within_us)
  order(self, "hold", true)
  await(self, "held", within_us)
  return self
end

function Call:resume(within_us)
  order(self, "hold", false)
  await(self, "answered", within_us)
  return self
end

--- The other end makes the offer.
function Call:resume_without_offer(within_us)
  order(self, "resume_without_offer")
  await(self, "answered", within_us)
  return self
end

--- Presses the hook of an analogue telephone for a moment, as one would to hold.
function Call:flash_hook()
  order(self, "flash_hook")
  return self
end

--- Parks the other end, and gives the orbit; or nil, and the status that parking was refused with.
function Call:park(within_us)
  order(self, "park")
  within_us = within_us or default_wait_us
  if not scheduler.wait(function() return self.core:parked() > 0 end, within_us) then
    error(("waited %s for the call to be parked: %s"):format(ds.duration(within_us), instead(self)),
      2)
  end
  local status <const>, orbit <const> = self.core:parked()
  if status >= 300 then
    return nil, status
  end
  return orbit
end

--- Hands the other end over to a number, or to another node of the network: who it is connected
--- with then is not asked before.
function Call:transfer(target)
  local number <const> = type(target) == "table" and target.number or target
  if type(number) ~= "string" then
    error("transfer takes a number: call:transfer(\"+12065550188\"), or a node that has one", 2)
  end
  order(self, "transfer", number)
  return self
end

--- Hands the other end over to whom this person speaks with in another call.
function Call:transfer_to(other)
  if getmetatable(other) ~= Call then
    error("transfer_to takes another call of the same person: call:transfer_to(consultation)", 2)
  end
  order(self, "transfer_to", other.core)
  return self
end

--- Waits until it is known what came of the transfer, and gives the status of the call that it made:
--- 200, 486 …
function Call:wait_transfer(within_us)
  within_us = within_us or default_wait_us
  local function known() return self.core:transfer_status() >= 200 end
  if not scheduler.wait(known, within_us) then
    error(("waited %s for the transfer by %s: the call is %s"):format(ds.duration(within_us),
      self.core:place(), self:state()), 2)
  end
  return self.core:transfer_status()
end

--- Has a number, or another node of the network, join: the call moves to a conference, where it is
--- none yet, and they are called from there.
function Call:add(who)
  local number <const> = type(who) == "table" and who.number or who
  if type(number) ~= "string" then
    error("add takes a number: call:add(\"+12065550188\"), or a node that has one", 2)
  end
  order(self, "add", number)
  return self
end

--- Waits until it is known what came of that, and gives the status of the call to whom was added: 200,
--- 486 …; or of what failed before it.
function Call:wait_added(within_us)
  within_us = within_us or default_wait_us
  local function known() return self.core:added_status() >= 200 end
  if not scheduler.wait(known, within_us) then
    error(("waited %s for whom %s adds: the call is %s"):format(ds.duration(within_us),
      self.core:place(), self:state()), 2)
  end
  return self.core:added_status()
end

function Call:send_digits(digits)
  order(self, "send_digits", digits)
  local within_us <const> = (#digits + 5) * ds.s
  if not scheduler.wait(function() return self.core:digits_sent() end, within_us) then
    error(("the digits %s were not sent in %s"):format(digits, ds.duration(within_us)), 2)
  end
  return self
end

local page_fields <const> = { rows = true, page = true }

--- A fax machine takes this end over and sends a page, as soon as the call is answered.
function Call:send_fax(page)
  page = page or {}
  for key in pairs(page) do
    if not page_fields[key] then
      error(("send_fax knows no '%s'; it knows: page, rows"):format(tostring(key)), 2)
    end
  end
  order(self, "fax", page.rows or ds.page_rows, page.page or 1)
  return self
end

--- A fax machine takes this end over and receives a page.
function Call:receive_fax()
  order(self, "fax")
  return self
end

--- Waits until this end's machine has sent or received its page, and both have said so.
function Call:wait_fax(within_us)
  within_us = within_us or 60 * ds.s
  local function state() return (self.core:fax_state()) end
  local over <const> = scheduler.wait(function() return state() ~= "busy" end, within_us)
  local _, outcome <const> = self.core:fax_state()
  if not over then
    error(("waited %s for the fax at %s: the call is %s"):format(ds.duration(within_us),
      self.core:place(), self:state()), 2)
  elseif state() == "failed" then
    error(("the fax at %s failed: %s"):format(self.core:place(), outcome), 2)
  end
  return self
end

--- Stays on the line: both ends talk from the answer on, and this lets it go on.
function Call:talk(duration_us)
  if not scheduler.is_time(duration_us) then
    error("talk takes a time: call:talk(300 * ds.ms)", 2)
  end
  order(self, "talk", true)
  scheduler.wait(function() return self:is_over() end, duration_us)
  if self:is_over() then
    error(("%s was cut off: the call is %s"):format(self.core:place(), self:state()), 2)
  end
  return self
end

function Call:wait(state, within_us)
  if not states[state] then
    error(("there is no state '%s': answered, early_media, ended, failed, held, ringing")
      :format(tostring(state)), 2)
  end
  await(self, state, within_us)
  return self
end

function Call:state() return self.core:state() end

function Call:status() return self.core:status() end

function Call:digits() return self.core:digits() end

function Call:peer_number() return self.core:peer_number() end

function Call:is_over()
  local state <const> = self.core:state()
  return state == "ended" or state == "failed"
end

--- Leaving its scope, a call that is not over hangs up.
function Call:__close()
  if not self:is_over() then
    self.core:hang_up()
  end
end

local dial_options <const> = { from = true, codec = true, hops = true }

--- Calls a number, or another node of the network.
function Node:dial(number, options)
  options = options or {}
  if type(number) == "table" then
    number = number.number
  end
  if type(number) ~= "string" then
    error("dial takes a number: net.alice:dial(\"+12065550199\"), or a node that has one", 2)
  end
  for key in pairs(options) do
    if not dial_options[key] then
      error(("dial knows no '%s'; it knows: codec, from, hops"):format(tostring(key)), 2)
    end
  end
  local core_end <const>, why = self.core:dial(number, options.from, options.codec,
    options.hops)
  if not core_end then
    error(why, 2)
  end
  return call_of(core_end)
end

local function call_through(caller, callee, talk_us)
  local calling <close> = caller:dial(callee)
  local called <close> = callee:await_call()

  called:answer()
  calling:wait("answered"):talk(talk_us):hang_up()
  called:wait("ended")
end

--- A whole call to another node: answered at once, talked in for so long, and hung up. What goes wrong
--- in it goes wrong at the scenario's line.
function Node:call(callee, talk_us)
  if type(callee) ~= "table" then
    error("call takes another node, and how long they talk: net.alice:call(net.bob, 200 * ms)", 2)
  end
  local fine <const>, trouble = pcall(call_through, self, callee, talk_us or 200 * ds.ms)
  if not fine then
    error(type(trouble) == "string" and trouble:match("^.-:%d+: (.*)$") or trouble, 2)
  end
end

--- The next call that reaches this node.
function Node:await_call(within_us)
  within_us = within_us or default_wait_us
  local core_end, why
  local function taken()
    core_end, why = self.core:take_call()
    return core_end or why
  end
  if not scheduler.wait(taken, within_us) then
    error(("no call reached %s in %s"):format(self.name, ds.duration(within_us)), 2)
  elseif not core_end then
    error(why, 2)
  end
  return call_of(core_end)
end

--- Answers each call that reaches it from now on, and leaves it to the others to end them.
function Node:auto_answer()
  local core_end, why = self.core:take_call()
  if why then
    error(why, 2)
  end
  scheduler.spawn(function()
    while true do
      scheduler.wait_idly(function()
        core_end = core_end or self.core:take_call()
        return core_end
      end)
      local call <close> = call_of(core_end)
      if not call:is_over() then
        call:answer()
      end
      scheduler.wait(function() return call:is_over() end, math.huge)
      core_end = nil
    end
  end)
end

--- Its processes end, and it answers nobody any more.
function Node:fail()
  local done <const>, why = self.core:fail()
  if not done then
    error(why, 2)
  end
end

---@class ds.Request
local Request <const> = {}
Request.__index = Request

function Request:reply(status)
  self.core:reply(status)
  self.replied = true
end

--- The user of this client goes to another device, which is away: signs out here and in there.
function Node:move_to(there)
  if getmetatable(there) ~= Node then
    error("move_to takes another device of the same user: net.alice:move_to(net.alice_away)", 2)
  end
  local done <const>, why = self.core:move_to(there.core)
  if not done then
    error(why, 2)
  elseif not scheduler.wait(function() return there.core:is_there() end, default_wait_us) then
    error(("%s could not sign in at %s in %s"):format(self.name, there.name,
      ds.duration(default_wait_us)), 2)
  end
end

--- An administrator has this edge pass what comes from outside to another pool.
function Node:set_next_hop(pool)
  if getmetatable(pool) ~= Node then
    error("set_next_hop takes a pool: net.edge:set_next_hop(net.pool_b)", 2)
  end
  local done <const>, why = self.core:set_next_hop(pool.core)
  if not done then
    error(why, 2)
  end
end

--- Waits until this client has been told that so many messages are new.
function Node:wait_messages(count, within_us)
  within_us = within_us or default_wait_us
  if math.type(count) ~= "integer" or count < 0 then
    error("wait_messages takes how many messages are new: net.alice:wait_messages(1)", 2)
  end
  local told
  local function settled()
    told = self.core:new_messages()
    return told == count
  end
  if not scheduler.wait(settled, within_us) then
    error(("waited for %s to be told of %d new messages, but after %s %s"):format(self.name, count,
      ds.duration(within_us), told and ("it was told of %d"):format(told) or "it was told nothing"),
      2)
  end
  return self
end

--- What the PBX answered to a wish of a client that controls a telephone.
local function await_line(node, wanted, within_us)
  within_us = within_us or default_wait_us
  local line, trouble
  local function settled()
    line, trouble = node.core:line()
    return line == "failed" or wanted(line)
  end
  local in_time <const> = scheduler.wait(settled, within_us)
  if line == "failed" then
    error(("%s cannot control %s: %s"):format(node.name, node.core:controls(), trouble), 3)
  end
  return in_time, line
end

--- Has the PBX make a call from the telephone that this client controls, and gives back that
--- telephone's end of it.
function Node:make_call(number)
  number = type(number) == "table" and number.number or number
  if type(number) ~= "string" then
    error("make_call takes a number: net.carol_pc:make_call(\"201\"), or a node that has one", 2)
  end
  local done <const>, why = self.core:make_call(number)
  if not done then
    error(why, 2)
  end
  local phone <const> = core.node(self.core:controls())
  local core_end
  local function taken()
    core_end = phone:take_call()
    return core_end
  end
  if not await_line(self, function(line) return line ~= "asked" end) or
    not scheduler.wait(taken, default_wait_us) then
    error(("%s made no call for %s in %s"):format(self.core:controls(), self.name,
      ds.duration(default_wait_us)), 2)
  end
  return call_of(core_end)
end

--- Has the PBX clear the call of that telephone, and waits until this client has been told.
function Node:clear_call()
  local done <const>, why = self.core:clear_call()
  if not done then
    error(why, 2)
  end
  self:wait_line("idle")
end

local lines <const> = {
  idle = true, originated = true, delivered = true, established = true,
}

--- Waits until this client has been told that the telephone's call is so.
function Node:wait_line(state, within_us)
  if not lines[state] then
    error(("a line is never '%s': delivered, established, idle, originated")
      :format(tostring(state)), 2)
  elseif not self.core:controls() then
    error(("%s controls no telephone"):format(self.name), 2)
  end
  local in_time <const>, line = await_line(self, function(now) return now == state end, within_us)
  if not in_time then
    error(("waited for the line of %s to be %s, but after %s it is %s"):format(self.core:controls(),
      state, ds.duration(within_us or default_wait_us), line), 2)
  end
  return self
end

--- Where the user of a telephone is now: there, or at the client that took over from it.
function Node:device() return self.moved_to or self end

--- The scenario's own word instead of the element's:
--- `net.gateway:on("invite", function(req) req:reply(503) end)`.
function Node:on(event, handler)
  if event ~= "invite" then
    error(("there is no event '%s': invite"):format(tostring(event)), 2)
  elseif type(handler) ~= "function" then
    error("on takes a function: net.gateway:on(\"invite\", function(req) … end)", 2)
  end
  local done <const>, why = self.core:on_invite(function(core_request)
    local request <const> = setmetatable({ core = core_request }, Request)
    handler(request)
    return request.replied or false
  end)
  if not done then
    error(why, 2)
  end
end

---@class ds.Net
local Net <const> = migration.net

--- A number of the callee's own range that nobody has.
function Net:unassigned()
  local callee <const> = rawget(self, "callee")
  if not callee then
    error("unassigned speaks of the callee's range, and this scenario names no calls", 2)
  end
  local number <const> = core.unassigned(callee.number)
  if not number then
    error(("every number like %s is somebody's"):format(callee.number), 2)
  end
  return number
end

---@class ds.Fault
local Fault <const> = {}
Fault.__index = Fault

function Fault:stop() self.core:stop() end

--- Leaving its scope, a fault is over.
Fault.__close = Fault.stop

--- Something goes wrong from now on: `net:fault "lose 5% of udp"`. Simulated world only.
function Net:fault(line) -- luacheck: ignore self
  if type(line) ~= "string" then
    error("fault takes a line: net:fault \"cut mediation-gateway\"", 2)
  end
  local core_fault <const>, why = core.fault(line)
  if not core_fault then
    error(why, 2)
  end
  return setmetatable({ core = core_fault }, Fault)
end

Net.__index = function(_, key)
  local method <const> = Net[key]
  if method then
    return method
  elseif key == "caller" or key == "callee" then
    error(("net.%s is there when the scenario names calls: calls = ds.every_call"):format(key), 2)
  end
  error(("there is no node '%s' in this topology; there are: %s"):format(tostring(key),
    table.concat(core.node_names(), ", ")), 2)
end

--- The network of this run. `caller` and `callee` are names, where the scenario is run for a pair
--- of parties.
function act.net(caller, callee)
  local net <const> = {}
  for _, name in ipairs(core.node_names()) do
    local core_node <const> = core.node(name)
    net[name] = setmetatable({
      core = core_node, name = name, number = core_node:number(), role = core_node:role(),
      address = core_node:address(), av_address = core_node:av_address(),
      extension = core_node:extension(), team = core_node:team(), site = core_node:site(),
    }, Node)
  end
  net.caller, net.callee = caller and net[caller], callee and net[callee]
  return setmetatable(net, Net)
end

--- Makes `run` the scenario's first voice.
function act.start(run, caller, callee)
  local net <const> = act.net(caller, callee)
  scheduler.spawn(function() run(net) end)
end

return act
