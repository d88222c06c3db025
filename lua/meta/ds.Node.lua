---@meta ds.Node

---An element or a person of the topology. A real element can be called, and not told what to do.
---@class ds.Node
---@field name string Its name in the topology.
---@field number string? Its number in E.164, where it has one.
---@field extension string? Its extension, where it has one.
---@field team string? The team it is in, where the topology says one.
---@field site string Where it stands: "headquarters".
---@field role string Its role: "client", "gateway", "pstn".
---@field address string Its IP address in this run.
---@field av_address string? Of an edge with an A/V Edge: its address from outside.
local Node = {}

---What a call may say beside the number.
---@class ds.DialOptions
---@field from string? Which of its numbers calls; the PSTN has many.
---@field codec "PCMU"|"PCMA"|nil The one codec to offer.
---@field hops integer? How many hops the call has (Max-Forwards), 1 to 70; 70 when left out.

---Calls a number, or another node of the network.
---@param number string|ds.Node
---@param options ds.DialOptions?
---@return ds.Call
function Node:dial(number, options) end

---A whole call to another node: answered at once, talked in for so long, and hung up by this one.
---Fails the scenario at this line where any of that fails.
---@param callee ds.Node
---@param talk_us integer? 200 ms when left out
function Node:call(callee, talk_us) end

---The next call that reaches this node. Fails the scenario at this line when none comes.
---@param within_us integer? five seconds when left out
---@return ds.Call
function Node:await_call(within_us) end

---Answers each call that reaches this node from now on; they last until the other end hangs up. The
---scenario does not wait for any.
function Node:auto_answer() end

---The user of this client goes to another device of theirs, one with `away = true`: signs out here
---and in there. Fails the scenario at this line when that is not done in five seconds.
---@param there ds.Node
function Node:move_to(there) end

---Has the PBX make a call from the telephone that this client controls (remote call control), and
---gives back the telephone's end of it. Fails the scenario at this line where the PBX makes none.
---@param number string|ds.Node
---@return ds.Call
function Node:make_call(number) end

---Has the PBX clear that telephone's call, and waits until this client has been told.
function Node:clear_call() end

---Waits until this client has been told that the telephone's call is so.
---@param state "idle"|"originated"|"delivered"|"established"
---@param within_us integer? five seconds when left out
---@return ds.Node
function Node:wait_line(state, within_us) end

---Waits until this client has been told that so many messages of its user's voice mail are new. It
---is told anything where the topology says so (`voice_mail.notices`).
---@param count integer
---@param within_us integer? five seconds when left out
---@return ds.Node
function Node:wait_messages(count, within_us) end

---Where the user of a telephone is now: there, or at the client that took over from it (`net:migrate`).
---@return ds.Node
function Node:device() end

---The scenario's own word instead of the element's: what `handler` replies is sent, and where it
---replies nothing the element does as ever.
---@param event "invite"
---@param handler fun(req: ds.Request)
function Node:on(event, handler) end

---An administrator sets the next hop of this edge: the pool to which it passes what comes from outside,
---from now on. No packet tells of it.
---@param pool ds.Node
function Node:set_next_hop(pool) end

---Its processes end, in either world, and do not come back: who calls it finds nobody. What calls owe
---to one another is judged from then on by what holds in any weather, and by what the scenario expects.
function Node:fail() end
