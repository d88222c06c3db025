---@meta ds.Net

---The network of a run: one field for each node of the topology, such as `net.alice`.
---@class ds.Net
---@field caller ds.Node The one who calls, where the scenario names `calls`.
---@field callee ds.Node The one who is called, where the scenario names `calls`.
---@field [string] ds.Node
local Net = {}

---A number of the callee's own range that nobody has.
---@return string number
function Net:unassigned() end
