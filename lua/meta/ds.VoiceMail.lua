---@meta ds.VoiceMail

---A call at a voice mail server as the capture shows it. Lengths are met within 60 ms. Expectations give
---back the call's voice mail, for chaining.
---@class ds.VoiceMail
local VoiceMail = {}

---Once it had greeted, this voice was heard by it, and for so long.
---@param who string a node that talks
---@param length_us integer?
---@return ds.VoiceMail
function VoiceMail:records(who, length_us) end

---It plays this voice, and for so long.
---@param who string a node that talks; its own name for what it says itself
---@param length_us integer?
---@return ds.VoiceMail
function VoiceMail:plays(who, length_us) end
