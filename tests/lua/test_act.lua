--- What people do: nodes dial and are called, calls do what they are told or fail in one sentence.

local act <const> = require "ds.act"
local core <const> = require "ds.core"
local ds <const> = require "ds"
local support <const> = require "support"
local test <const>, same <const>, says <const> = support.test, support.same, support.says
local refused <const> = support.refused

local function failure(voice)
  local fine <const>, trouble = support.run(voice)
  same(fine, false)
  says(trouble, "test_act.lua:")
  return trouble
end

--- A call of Alice's in this state.
local function call_in(state)
  local net <const> = act.net()
  local call <const> = net.alice:dial(net.pstn)
  call.core.now = state
  return call
end

-- ---- the network ----

test("the network has what the topology has", function()
  local net <const> = act.net()
  same({ net.alice.name, net.alice.role, net.alice.address }, { "alice", "client", "127.0.10.1" })
  same(net.pstn.number, "+12065550199")
end)

test("a node that is not there is named, with those that are", function()
  refused("there is no node 'bob' in this topology; there are: alice, pstn",
    function() return act.net().bob end)
end)

test("a user moves to another device of theirs", function()
  local net <const> = act.net()
  support.run(function() net.alice:move_to(net.pstn) end)
  same(net.pstn.core.moved, true)
  says(failure(function() net.alice:move_to(net.alice) end), "are not two devices of one user")
  says(failure(function() net.alice:move_to("home") end), "takes another device of the same user")
end)

test("an edge is given another next hop", function()
  local net <const> = act.net()
  net.alice:set_next_hop(net.pstn)
  same(net.alice.core.next_hop, net.pstn.core)
  says(failure(function() net.alice:set_next_hop(net.alice) end), "the next hop of an edge is a pool")
  says(failure(function() net.alice:set_next_hop("pool_b") end), "set_next_hop takes a pool")
end)

--- Alice's client, as if it controlled the pstn's telephone.
local function controlling(answer)
  local net <const> = act.net()
  net.alice.core.controlled, net.alice.core.answer = "pstn", answer
  return net
end

test("a client that controls a telephone has it call, and hang up", function()
  local net <const> = controlling("originated")
  local node <const> = core.node
  core.node = function(name)
    local made <const> = node(name)
    made.waiting = { core.call_end("calling") }
    return made
  end
  local call
  support.run(function()
    call = net.alice:make_call(net.pstn)
    net.alice:wait_line("originated"):clear_call()
  end)
  core.node = node
  same({ call:state(), net.alice.core.called, net.alice.core.now },
    { "calling", "+12065550199", "idle" })
end)

test("what the PBX refuses, and what cannot be controlled, is said in one sentence", function()
  local net <const> = controlling("failed")
  says(failure(function() net.alice:make_call("1") end),
    "alice cannot control pstn: CSTAErrorCode: invalidCalledDeviceID")
  says(failure(function() net.pstn:make_call("1") end), "pstn controls no telephone")
  says(failure(function() net.alice:make_call(1) end), "make_call takes a number")
  says(failure(function() net.alice:wait_line("busy") end), "a line is never 'busy'")
  says(failure(function() net.pstn:wait_line("idle") end), "pstn controls no telephone")
end)

test("a telephone that does not call is missed", function()
  local net <const> = controlling("asked")
  says(failure(function() net.alice:make_call("1") end), "pstn made no call for alice in 5 s")
  says(failure(function() net.alice:wait_line("delivered", ds.s) end),
    "waited for the line of pstn to be delivered, but after 1 s it is asked")
end)

test("caller and callee are there for a scenario with calls", function()
  local net <const> = act.net("alice", "pstn")
  same({ net.caller, net.callee }, { net.alice, net.pstn })
  same(net:unassigned(), "+12065550000")
end)

test("without calls there is neither caller nor callee, nor a range of the callee's", function()
  refused("when the scenario names calls", function() return act.net().caller end)
  refused("this scenario names no calls", function() return act.net():unassigned() end)
end)

-- ---- nodes ----

test("a node dials a number as it is", function()
  local net <const> = act.net()
  net.alice:dial("201", { codec = "PCMA", hops = 3 })
  local dialled <const> = net.alice.core.dialled
  same({ dialled.number, dialled.codec, dialled.hops, dialled.from }, { "201", "PCMA", 3, nil })
end)

test("a node dials another node by its number", function()
  local net <const> = act.net()
  net.pstn:dial(net.alice, { from = "+12065550123" })
  same(net.pstn.core.dialled.number, "+14255550101")
  same(net.pstn.core.dialled.from, "+12065550123")
end)

test("what cannot be dialled is refused at the scenario's line", function()
  local net <const> = act.net()
  says(failure(function() net.alice:dial("") end), "nobody is called like that")
  says(failure(function() net.alice:dial(12) end), "dial takes a number")
  says(failure(function() net.alice:dial("201", { codek = "PCMA" }) end), "dial knows no 'codek'")
end)

test("the next call that comes is taken", function()
  local net <const> = act.net()
  net.pstn.core.waiting = { core.call_end("ringing") }
  local call
  support.run(function() call = net.pstn:await_call() end)
  same(call:state(), "ringing")
end)

test("a call that does not come is missed in one sentence", function()
  local net <const> = act.net()
  says(failure(function() net.pstn:await_call(2 * ds.s) end), "no call reached pstn in 2 s")
end)

test("a whole call is dialled, answered, talked in, and hung up", function()
  local net <const> = act.net()
  local calling <const>, called <const> = core.call_end("answered"), core.call_end("ended")
  net.alice.core.dial = function() return calling end
  net.pstn.core.waiting = { called }
  support.run(function() net.alice:call(net.pstn, 120 * ds.ms) end)
  same(called.told, { "answer" })
  same({ calling.told[1], calling.told[#calling.told] }, { "talk true", "hang_up" })
end)

test("what goes wrong in a whole call goes wrong at the scenario's line", function()
  local net <const> = act.net()
  says(failure(function() net.alice:call(net.pstn) end), "no call reached pstn in 5 s")
  says(failure(function() net.alice:call("+12065550199") end), "call takes another node")
end)

test("a real element is not waited for", function()
  local net <const> = act.net()
  net.pstn.core.is_real = true
  says(failure(function() net.pstn:await_call() end), "pstn is a real element")
  same(core.time, 0)
end)

test("whatever comes is answered, and nothing is waited for", function()
  local net <const>, came = act.net(), core.call_end("ringing")
  support.run(function()
    net.pstn:auto_answer()
    ds.sleep(1 * ds.s)
    net.pstn.core.waiting = { came }
    ds.sleep(1 * ds.s)
    same(came.told, { "answer" })
    came.now = "ended"
    ds.sleep(1 * ds.s)
  end)
  same(core.time, 3 * ds.s)
end)

test("a real element answers as it likes", function()
  local net <const> = act.net()
  net.pstn.core.is_real = true
  says(failure(function() net.pstn:auto_answer() end), "pstn is a real element")
end)

test("a handler decides, or leaves the call to the element", function()
  local net <const>, statuses = act.net(), {}
  net.pstn:on("invite", function(req) req:reply(503) end)
  local request <const> = { reply = function(_, status) statuses[1] = status end }
  same({ net.pstn.core.handler(request), statuses[1] }, { true, 503 })
  net.pstn:on("invite", function() end)
  same(net.pstn.core.handler(request), false)
end)

test("an element of ours can fail, a real one cannot", function()
  local net <const> = act.net()
  net.alice:fail()
  same(net.alice.core.failed, true)
  net.pstn.core.is_real = true
  refused("pstn is a real element", function() net.pstn:fail() end)
end)

test("only an INVITE can be handled, and by a function", function()
  local net <const> = act.net()
  refused("there is no event 'bye'", function() net.pstn:on("bye", print) end)
  refused("on takes a function", function() net.pstn:on("invite", 503) end)
end)

-- ---- calls ----

test("acts reach the end, and can be chained", function()
  local call <const> = call_in("ringing")
  call:ring():early_media():answer():mute():unmute():hang_up():refuse(480):busy():decline():cancel()
  same(call.core.told, { "ring", "early_media", "answer", "talk false", "talk true", "hang_up",
    "refuse 480", "refuse 486", "refuse 603", "hang_up" })
end)

test("an act that cannot be done fails at the scenario's line", function()
  local call <const> = call_in("ringing")
  call.core.unwilling = "alice cannot answer"
  for _, verb in ipairs { "ring", "answer", "busy", "hang_up", "hold", "resume" } do
    says(failure(function() call[verb](call) end), "alice cannot answer")
  end
end)

test("a state that is reached is not waited for", function()
  support.run(function() call_in("answered"):wait("answered") end)
  same(core.time, 0)
end)

test("a state that never comes is missed after its time", function()
  says(failure(function() call_in("ringing"):wait("answered", 2 * ds.s) end),
    "waited for answered, but after 2 s alice's call with +12065550199 is ringing")
end)

test("a call that is over is waited for no longer, and says why", function()
  says(failure(function() call_in("failed"):wait("answered") end),
    "waited for answered, but alice's call with +12065550199 is failed (486 Busy Here)")
  same(core.time, 0)
end)

test("ended is not failed", function()
  says(failure(function() call_in("ended"):wait("failed") end), "is ended")
end)

test("a state that does not exist is named", function()
  refused("there is no state 'anwsered'", function() call_in("ringing"):wait("anwsered") end)
  refused("there is no state 'nil'", function() call_in("ringing"):wait() end)
end)

test("a call is handed over to a number, or to a node that has one", function()
  local net <const> = act.net()
  local call <const> = net.alice:dial(net.pstn)
  call:transfer("+12065550188"):transfer(net.pstn)
  same(call.core.told, { "transfer +12065550188", "transfer +12065550199" })
  says(failure(function() call:transfer(7) end), "transfer takes a number")
  says(failure(function() call:transfer {} end), "transfer takes a number")
  call.core.unwilling = "alice cannot transfer: this call is ended"
  says(failure(function() call:transfer("+1") end), "alice cannot transfer: this call is ended")
end)

test("a call is handed over to whom one speaks with in another", function()
  local call <const>, other <const> = call_in("held"), call_in("answered")
  call:transfer_to(other)
  same(#call.core.told, 1)
  says(failure(function() call:transfer_to("+12065550188") end), "another call of the same person")
end)

test("what came of a transfer is waited for", function()
  local call <const> = call_in("answered")
  call.core.transferred = 100
  says(failure(function() call:wait_transfer(2 * ds.s) end), "waited 2 s for the transfer by alice")
  call.core.transferred = 486
  support.run(function() same(call:wait_transfer(), 486) end)
end)

test("somebody is added by number, or by a node that has one", function()
  local net <const> = act.net()
  local call <const> = net.alice:dial(net.pstn)
  call:add("+12065550188"):add(net.pstn)
  same(call.core.told, { "add +12065550188", "add +12065550199" })
  says(failure(function() call:add(7) end), "add takes a number")
  says(failure(function() call:add {} end), "add takes a number")
  call.core.unwilling = "alice cannot add anybody: this call is ended"
  says(failure(function() call:add("+1") end), "alice cannot add anybody: this call is ended")
end)

test("what came of adding somebody is waited for", function()
  local call <const> = call_in("answered")
  says(failure(function() call:wait_added(2 * ds.s) end), "waited 2 s for whom alice adds")
  call.core.added = 486
  support.run(function() same(call:wait_added(), 486) end)
end)

test("hold and resume wait for the other end", function()
  support.run(function() call_in("held"):hold() end)
  says(failure(function() call_in("answered"):hold(ds.s) end), "waited for held, but after 1 s")
  says(failure(function() call_in("held"):resume(ds.s) end), "waited for answered, but after 1 s")
  support.run(function() call_in("answered"):resume_without_offer() end)
  says(failure(function() call_in("held"):resume_without_offer(ds.s) end), "waited for answered, but after 1 s")
end)

test("talking takes its time, and ends with the call", function()
  support.run(function() call_in("answered"):talk(3 * ds.s) end)
  same(core.time, 3 * ds.s)
  says(failure(function() call_in("ended"):talk(3 * ds.s) end), "alice was cut off")
  says(failure(function() call_in("answered"):talk("long") end), "talk takes a time")
end)

test("digits are sent until the last", function()
  local call <const> = call_in("answered")
  says(failure(function() call:send_digits("12") end), "the digits 12 were not sent in 7 s")
  call.core.sent = true
  support.run(function() call:send_digits("12") end)
  same({ core.time, call.core.told[2] }, { 0, "send_digits 12" })
end)

test("a page is drawn by its number and its rows", function()
  local call <const> = call_in("calling")
  support.run(function() call:send_fax():send_fax { rows = 9, page = 4 } end)
  support.run(function() call:receive_fax() end)
  same(call.core.told, { "fax " .. ds.page_rows .. " 1", "fax 9 4", "fax" })
  says(failure(function() call:send_fax { pages = 2 } end), "send_fax knows no 'pages'")
end)

test("a fax is waited for, and says how it failed", function()
  local call <const> = call_in("answered")
  says(failure(function() call:wait_fax(9 * ds.s) end), "waited 9 s for the fax at alice: the call")
  call.core.machine, call.core.outcome = "failed", "No answer"
  says(failure(function() call:wait_fax() end), "the fax at alice failed: No answer")
  call.core.machine = "done"
  support.run(function() call:wait_fax() end)
end)

test("a call hangs up when it leaves its scope, unless it is over", function()
  for state, told in pairs { answered = "hang_up", ended = "nothing" } do
    local held
    do
      local call <close> = call_in(state)
      held = call
    end
    same(held.core.told[1] or "nothing", told)
  end
end)
