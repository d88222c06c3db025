---@meta ds.Schedule

---When one element sends one message to another, every time it does.
---@class ds.Schedule
local Schedule = {}

---It is sent at these times and no others, counted from the first: `:at { 0, 500 * ms }`.
---@param times integer[] microseconds
---@param within_us integer? by how much each may differ; not at all when left out
---@return ds.Schedule
function Schedule:at(times, within_us) end
