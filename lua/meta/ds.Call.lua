---@meta ds.Call

---One end of a call. It hangs up when it leaves its scope: `local caller <close> = …`.
---What cannot be done now fails the scenario at this line. Acts give back the call, for chaining.
---@class ds.Call
local Call = {}

---States that can be waited for.
---@alias ds.CallState
---| "ringing" # the callee alerts; after early media too
---| "early_media" # audio is heard before the answer
---| "answered" # both ends talk; after a hold too
---| "held" # the other end holds, or this one does
---| "failed" # it was refused or cancelled
---| "ended" # one end hung up

---Alerts: 180 to the caller.
---@return ds.Call
function Call:ring() end

---Talks before the answer: 183 with SDP to the caller.
---@return ds.Call
function Call:early_media() end

---Answers: 200 to the caller.
---@return ds.Call
function Call:answer() end

---Refuses with a status of one's choice.
---@param status integer 300 to 699
---@return ds.Call
function Call:refuse(status) end

---Refuses because the line is busy: 486.
---@return ds.Call
function Call:busy() end

---Refuses because the person does not want it: 603.
---@return ds.Call
function Call:decline() end

---Ends the call: BYE once it is answered; before that CANCEL by the caller, 480 by the callee.
---@return ds.Call
function Call:hang_up() end

---Gives up before the answer. The same as `hang_up`, where a reader wants to see CANCEL.
---@return ds.Call
function Call:cancel() end

---Says nothing any more; comfort noise is sent instead (RFC 3389), where the other end takes it.
---@return ds.Call
function Call:mute() end

---Talks again.
---@return ds.Call
function Call:unmute() end

---Puts the other end on hold, and waits until it is.
---@param within_us integer? five seconds when left out
---@return ds.Call
function Call:hold(within_us) end

---Takes a held call up again, and waits until both talk.
---@param within_us integer? five seconds when left out
---@return ds.Call
function Call:resume(within_us) end

---The same by a re-INVITE without SDP: the other end makes the offer, and this one answers with its ACK.
---@param within_us integer? five seconds when left out
---@return ds.Call
function Call:resume_without_offer(within_us) end

---Presses the hook of an analogue telephone for a moment, as one would to hold. Its gateway holds nobody.
---@return ds.Call
function Call:flash_hook() end

---Has the call park service hold the other end, and gives the orbit: whoever calls that number has it.
---@param within_us integer? five seconds when left out
---@return string? orbit nil where the call was not parked
---@return integer? status with which parking was refused: 403, 480 …
function Call:park(within_us) end

---Hands the other end over to a number, or to another node of the network. An Enterprise Voice user's
---call that is up. It ends once the two are connected; where they are not it goes on.
---@param target string|ds.Node
---@return ds.Call
function Call:transfer(target) end

---Hands the other end over to whom this person speaks with in another call, which ends too.
---@param other ds.Call
---@return ds.Call
function Call:transfer_to(other) end

---Waits until it is known what came of the transfer.
---@param within_us integer? five seconds when left out
---@return integer status of the call that it made: 200, 486 …
function Call:wait_transfer(within_us) end

---Has somebody join: a number, or another node of the network. An Enterprise Voice user's call that is
---up. It moves to the conferencing server, where it is not there yet, and they are called from there.
---@param who string|ds.Node
---@return ds.Call
function Call:add(who) end

---Waits until it is known what came of adding somebody. Where it came to nothing the call goes on.
---@param within_us integer? five seconds when left out
---@return integer status of the call to them: 200, 486 …; or of what failed before it
function Call:wait_added(within_us) end

---Types digits, as RFC 4733 events, and waits until the last has been sent.
---@param digits string of 0-9, *, # and A-D
---@return ds.Call
function Call:send_digits(digits) end

---A page that is drawn for the occasion: no row of it is like the next, and no page like another.
---@class ds.Page
---@field rows integer? 1 to 2400; `ds.page_rows` when left out
---@field page integer? its number; 1 when left out

---A fax machine takes this end over and sends a page, as soon as the call is answered. At a fax, or at
---the pstn, that calls.
---@param page ds.Page?
---@return ds.Call
function Call:send_fax(page) end

---A fax machine takes this end over and receives a page. At a fax, or at the pstn, that is called.
---@return ds.Call
function Call:receive_fax() end

---Waits until this end's machine has sent or received its page and the other has agreed. Fails the
---scenario at this line with what T.30 calls it when it comes to nothing.
---@param within_us integer? a minute when left out
---@return ds.Call
function Call:wait_fax(within_us) end

---Stays on the line for so long. Fails the scenario at this line when the call ends meanwhile.
---@param duration_us integer
---@return ds.Call
function Call:talk(duration_us) end

---Waits for a state. Fails the scenario at this line when time runs out or the call is over.
---@param state ds.CallState
---@param within_us integer? five seconds when left out
---@return ds.Call
function Call:wait(state, within_us) end

---The state that it is in now: one of those to wait for, or "calling".
---@return ds.CallState|"calling"
function Call:state() end

---The last status of the INVITE that this end saw or sent; 0 before there is one.
---@return integer
function Call:status() end

---The digits that this end has heard so far.
---@return string
function Call:digits() end

---The other end's number, as this end knows it.
---@return string
function Call:peer_number() end

---Has it ended or failed?
---@return boolean
function Call:is_over() end
