---@meta ds.CallSeen

---A call as the capture shows it, over all its legs. Places are names of the topology, or the address
---of a stranger. Expectations give back the call, for chaining.
---@class ds.CallSeen
---@field from_number string
---@field to_number string
---@field outcome "answered"|"refused"|"cancelled"|"unanswered"
---@field status integer The final status that the caller saw; 0 when there was none.
---@field began_at integer In microseconds of the capture.
---@field answered_at integer
---@field ended_at integer
---@field caller string? The node that called; nil for a stranger.
---@field callee string? The node that was called; nil when the call reached none.
---@field bye_from string? Who sent the first BYE.
---@field bye_frame integer?
---@field events ds.EventSeen[] Every SIP message, in the order of the capture.
---@field hops ds.HopSeen[] Every INVITE, from element to element.
---@field flows ds.FlowSeen[] Every RTP stream.
---@field faxes ds.FaxSeen[] Each way of a fax: T.38 packets, and lines on which a machine was heard.
---@field roles table<string, string> The role of each node.
local CallSeen = {}

---A SIP message.
---@class ds.EventSeen
---@field frame integer Its number in the capture, as Wireshark counts.
---@field at integer
---@field from string
---@field to string
---@field transport string
---@field label string What an arrow of the ladder says: "INVITE", "183 SDP", "200 (BYE)".
---@field method string
---@field status integer 0 for a request.
---@field again boolean It was sent before.
---@field text string The message itself.

---One INVITE and what came of it.
---@class ds.HopSeen
---@field from string
---@field to string
---@field status integer
---@field frame integer
---@field transport string

---A fax, one way of one leg.
---@class ds.FaxSeen
---@field from string
---@field to string
---@field by "t38"|"audio"
---@field packets integer
---@field first_frame integer
---@field pages string[] The rows of each page that went this way, 216 bytes a row.

---An RTP stream, one way.
---@class ds.FlowSeen
---@field from string
---@field to string
---@field packets integer
---@field first_at integer
---@field last_at integer
---@field first_frame integer
---@field last_frame integer
---@field codec string As SDP or RFC 3551 name it; "audio" when neither does.
---@field lost integer What the capture misses.
---@field told_lost integer What its listener's last RTCP report misses; 0 without a report.
---@field duplicates integer
---@field late integer Packets that a playout buffer of 60 ms would have given up.
---@field comfort_noise integer Packets of it.
---@field jitter integer The mean interarrival jitter (RFC 3550), in microseconds.
---@field told_jitter integer That of its listener's last RTCP report; 0 without a report.
---@field packet_time integer How much sound most packets hold, in microseconds; 0 when unclear.
---@field mos number By the E-model, 1 to 4.5; 0 where the codec has no figures.
---@field srtp string The SRTP suite that opened it; empty for plain RTP, and where no key fits.
---@field sealed integer Packets of SRTP that no key opens which SDP told.
---@field digits string RFC 4733 digits.
---@field spells ds.SpellSeen[] At a voice mail or conferencing server: one voice after the other.
---@field talker string Whose tone it carries; empty when none is clear.
---@field voices string[] Whoever is heard in it: of a conference all who are mixed there.
---@field payload_types table<integer, integer> Packets of each payload type.

---One voice, for as long as no other speaks.
---@class ds.SpellSeen
---@field voice string Whose it is; empty for silence.
---@field length integer In microseconds, by the sender's clock.
---@field first_frame integer
---@field first_at integer
---@field last_at integer

---It was answered.
---@return ds.CallSeen
function CallSeen:answered() end

---Its caller gave up.
---@return ds.CallSeen
function CallSeen:cancelled() end

---It was refused, and with this status where one is named.
---@param status integer?
---@return ds.CallSeen
function CallSeen:refused(status) end

---The first BYE came from this end.
---@param who "caller"|"callee"|string an end, or a node's name
---@return ds.CallSeen
function CallSeen:cleared_by(who) end

---The INVITE passed these elements, in this order, and no others.
---@param expected string[] names or roles
---@return ds.CallSeen
function CallSeen:path(expected) end

---These elements neither signalled nor carried audio for this call.
---@param names string[] names or roles
---@return ds.CallSeen
function CallSeen:silent(names) end

---Its messages are this ladder, one arrow a line: `gateway -> mediation : 183 SDP within 1s`.
---@param text string
---@return ds.CallSeen
function CallSeen:ladder(text) end

---What one element sends to another in this call, every sending of it.
---@param from string a name or a role
---@param to string a name or a role
---@param label string what an arrow of the ladder says: "INVITE", "200 (BYE)"
---@return ds.Schedule
function CallSeen:sends(from, to, label) end

---Its audio.
---@return ds.Audio
function CallSeen:audio() end

---It did what `directsip plan` says of it where this element has failed; of a call that goes its way,
---where none is named. What the plan says follows from the topology alone.
---@param without string? a node's name
---@return ds.CallSeen
function CallSeen:as_planned(without) end

---This element failed so long after the answer, and the two ends heard one another from then on only
---if the plan has their audio pass it by.
---@param element string a node's name
---@param after_us integer
---@return ds.CallSeen
function CallSeen:outlives_as_planned(element, after_us) end

---What a voice mail server makes of it, for `:records("bob")` and `:plays("bob")`.
---@return ds.VoiceMail
function CallSeen:voice_mail() end

---What came of it as a fax, for `:by_t38()`, `:arrives()` and so on.
---@return ds.Fax
function CallSeen:fax() end
