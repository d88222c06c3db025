---@meta ds.Wire

---The capture of a run, which is all that `expect` knows. Every expectation leaves a finding with the
---scenario's own line.
---@class ds.Wire
local Wire = {}

---Which call is meant, where the capture holds more than one.
---@class ds.CallFilter
---@field to string? The number that was called.
---@field from string? The number that called.
---@field nth integer? The first that fits is 1.

---The one call, or the one that `filter` picks. Where there is none, or more than one and no word on
---which, that is not-seen, and so is all that is expected of it.
---@param filter ds.CallFilter?
---@return ds.CallSeen
function Wire:call(filter) end

---What one element sends to another outside all calls: OPTIONS, REGISTER.
---@param from string a name or a role
---@param to string a name or a role
---@param label string
---@return ds.Schedule
function Wire:sends(from, to, label) end

---All calls, in the order they began.
---@return ds.CallSeen[]
function Wire:calls() end

---Fails at this line unless it holds; for what the other expectations do not know.
---@param holds any
---@param sentence string what holds, or does not
---@return ds.Wire
function Wire:expect(holds, sentence) end
