---@meta ds.Fax

---A fax as the capture shows it. Places are names or roles. Expectations give back the fax, for
---chaining.
---@class ds.Fax
local Fax = {}

---It went in packets between two gateways (ITU-T T.38), both ways.
---@return ds.Fax
function Fax:by_t38() end

---It went as tones in audio, all the way.
---@return ds.Fax
function Fax:by_audio() end

---Its media, audio or T.38, went between these two, both ways.
---@param from string
---@param to string
---@return ds.Fax
function Fax:flows(from, to) end

---None of its media is at this element.
---@param name string
---@return ds.Fax
function Fax:never_touches(name) end

---The page of that number, as `send_fax` draws it, reached the machine that was called, row for row.
---@param page ds.Page?
---@return ds.Fax
function Fax:arrives(page) end
