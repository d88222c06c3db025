--- What directsip binds, as far as lua/ds notices: a clock that tests set, and a place for findings.

local fake <const> = { time = 0, findings = {}, calls = {}, roles = {}, outside = {} }

function fake.now() return fake.time end

function fake.traceback(text) fake.trace_of_failure = text end

function fake.reason(status) return status == 486 and "Busy Here" or "Whatever" end

function fake.finding(verdict, sentence, where, frames)
  fake.findings[#fake.findings + 1] =
    { verdict = verdict, sentence = sentence, where = where, frames = frames }
end

function fake.trace() return fake.calls, fake.roles, fake.outside end

function fake.fax_page(rows, page) return ("page %d of %d rows"):format(page, rows) end

function fake.node_names() return { "alice", "pstn" } end

local numbers <const> = { alice = "+14255550101", pstn = "+12065550199" }

--- An end that does whatever it is told, and notes it. `state` is what a test sets.
local End <const> = {}
End.__index = End

function fake.call_end(state)
  return setmetatable({ now = state, told = {} }, End)
end

for _, verb in ipairs { "ring", "early_media", "answer", "refuse", "hang_up", "talk", "hold",
  "resume_without_offer", "send_digits", "fax", "transfer", "transfer_to",
  "add" } do
  End[verb] = function(self, word, ...)
    if self.unwilling then
      return nil, self.unwilling
    end
    local words <const> = word ~= nil and { verb, tostring(word), ... } or { verb }
    self.told[#self.told + 1] = table.concat(words, " ")
    return true
  end
end

function End:state() return self.now end

function End:is(state) return self.now == state end

function End:status() return self.now == "failed" and 486 or 0 end

function End.place() return "alice" end

function End.peer_number() return numbers.pstn end

function End:added_status() return self.added or 0 end

function End:transfer_status() return self.transferred or 0 end

function End:digits_sent() return self.sent end

function End:fax_state() return self.machine or "busy", self.outcome or "OK" end

function End.digits() return "12" end

--- Nodes give out the ends in `waiting`, oldest first.
function fake.node(name)
  local node <const> = { waiting = {} }
  function node.number() return numbers[name] end
  function node.role() return name == "pstn" and "pstn" or "client" end
  function node.address() return "127.0.10.1" end
  function node.av_address() return nil end
  function node.extension() return nil end
  function node.team() return nil end
  function node.site() return "headquarters" end
  function node.successor() return nil end
  function node:dial(number, from, codec, hops)
    if number == "" then
      return nil, "nobody is called like that"
    end
    self.dialled = { number = number, from = from, codec = codec, hops = hops }
    return fake.call_end("calling")
  end
  function node:take_call()
    if self.is_real then
      return nil, name .. " is a real element"
    end
    return table.remove(self.waiting, 1)
  end
  function node:fail()
    if self.is_real then
      return nil, name .. " is a real element"
    end
    self.failed = true
    return true
  end
  function node:on_invite(handler)
    self.handler = handler
    return true
  end
  function node:move_to(there)
    if self == there then
      return nil, name .. " and " .. name .. " are not two devices of one user"
    end
    there.moved = true
    return true
  end
  function node:set_next_hop(pool)
    if self == pool then
      return nil, "the next hop of an edge is a pool"
    end
    self.next_hop = pool
    return true
  end
  function node:make_call(number)
    if not self.controlled then
      return nil, name .. " controls no telephone"
    end
    self.called, self.now = number, self.answer
    return true
  end
  function node:clear_call()
    self.now = "idle"
    return true
  end
  function node:line() return self.now, "CSTAErrorCode: invalidCalledDeviceID" end
  function node:controls() return self.controlled end
  function node:is_there() return self.moved end
  return node
end

--- The plan: calls go as `fake.plan` says, by the element that has failed ("" is none), and by turn.
function fake.planned(_, _, without, turn)
  return table.unpack(fake.plan[(without or "") .. (turn and "#" .. turn or "")] or {})
end

function fake.unassigned(number) return number:sub(1, -5) .. "0000" end

--- A program that ends by itself at `ends_at`.
function fake.program(argv)
  if argv[1] == "absent" then
    return nil, "this run needs absent: No such file or directory"
  end
  local program <const> = { ends_at = 25000 }
  function program:exited() return fake.time >= self.ends_at and 3 or nil end
  function program:stop() self.ends_at, self.stopped = fake.time, true end
  return program
end

return fake
