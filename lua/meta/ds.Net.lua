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

---Who else is told that somebody moves.
---@class ds.MigrationOptions
---@field only ds.Node[]? Only these elements are told, and nobody signs in or out: elements disagree.

---People move from their telephones at the PBX to Enterprise Voice (`moves_from` in the topology):
---the pool is told, they sign in, then PBX and gateways are told. Fails the scenario at this line
---when that cannot be done in five seconds.
---@param who ds.Node[]|{ team: string }|{ site: string } Telephones, or all of a team or a site.
---@param options ds.MigrationOptions?
function Net:migrate(who, options) end

---And back to their telephones: PBX and gateways are told, they sign out, then the pool is told.
---@param who ds.Node[]|{ team: string }|{ site: string }
---@param options ds.MigrationOptions?
function Net:migrate_back(who, options) end

---Something goes wrong from now on, until it is stopped or the line says so: `net:fault "lose 5% of
---udp"`, `net:fault "freeze gateway for 3s"`. Simulated world only; docs/simulation.md has the words.
---@param line string
---@return ds.Fault
function Net:fault(line) end
