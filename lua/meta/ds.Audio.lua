---@meta ds.Audio

---The audio of a call. Places are names or roles. Expectations give back the audio, for chaining.
---@class ds.Audio
local Audio = {}

---Audio flows from one element to another. What follows in the chain speaks of these two.
---@param from string
---@param to string
---@return ds.Audio
function Audio:flows(from, to) end

---After `flows`, audio flows the other way too. Without it, audio reaches both ends of the call.
---@return ds.Audio
function Audio:both_ways() end

---The stream of the last `flows` lasted so long. Without it, what reached each end did.
---@param duration_us integer
---@return ds.Audio
function Audio:for_at_least(duration_us) end

---Each stream of the last `flows` has this mean opinion score or a better one. Without `flows`, each
---that reaches an end of the call has. By the E-model (ITU-T G.107): 4.4 is the best that G.711 can
---do. Unclear where ITU-T G.113 has no figures for the codec.
---@param score number
---@return ds.Audio
function Audio:mos_at_least(score) end

---Of each stream no larger share is lost: 0.01 is one packet in a hundred. What counts is what the
---capture misses, or what the listener's last RTCP report misses, whichever is more.
---@param share number
---@return ds.Audio
function Audio:lost_at_most(share) end

---The interarrival jitter of each stream (RFC 3550) is no more than this: neither that of the capture,
---in the mean, nor that of its listener's last RTCP report.
---@param duration_us integer
---@return ds.Audio
function Audio:jitter_at_most(duration_us) end

---Each stream of the last `flows` is SRTP, every packet of it under a key that SDP told. Without
---`flows`, each that reaches an end of the call is.
---@return ds.Audio
function Audio:encrypted() end

---None of these streams is SRTP.
---@return ds.Audio
function Audio:in_the_clear() end

---No audio of this call reaches or leaves this element. Not-seen where the call had no audio.
---@param name string
---@return ds.Audio
function Audio:never_touches(name) end

---Every audio packet of the call is of this codec.
---@param name "PCMU"|"PCMA"|"G722"
---@return ds.Audio
function Audio:codec(name) end

---These RFC 4733 digits reached an element.
---@param expected string
---@param at string? the callee when left out
---@return ds.Audio
function Audio:digits(expected, at) end

---The listener heard the tone of the talker: every person of the topology has a tone of their own.
---@param listener string
---@param talker string
---@return ds.Audio
function Audio:hears(listener, talker) end
