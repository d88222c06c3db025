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

---No audio of this call reaches or leaves this element. Not-seen where the call had no audio.
---@param name string
---@return ds.Audio
function Audio:never_touches(name) end

---Every audio packet of the call is of this codec.
---@param name "PCMU"|"PCMA"
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
