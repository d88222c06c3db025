---@meta ds.Request

---An INVITE that a handler of `Node:on` decides on. It is over when the handler returns.
---@class ds.Request
local Request = {}

---Refuses it.
---@param status integer 300 to 699
function Request:reply(status) end
