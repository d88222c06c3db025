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

---Something goes wrong from now on, until it is stopped or the line says so: `net:fault "lose 5% of
---udp"`, `net:fault "freeze gateway for 3s"`. Simulated world only; docs/simulation.md has the words.
---@param line string
---@return ds.Fault
function Net:fault(line) end
