---@meta ds.Program

---A program that the scenario started. It is killed when it leaves its scope, and with the scenario
---at the latest: `local sipp <close> = ds.program { "sipp", … }`.
---@class ds.Program
---@field name string The program, as it was named.
local Program = {}

---The exit status once it has ended, nil while it runs. A signal counts as 128 and its number.
---@return integer?
function Program:exited() end

---Waits until it has ended. Fails the scenario at this line when time runs out.
---@param within_us integer? five seconds when left out
---@return integer status
function Program:wait(within_us) end

---Kills it. One that has ended is left as it is.
function Program:stop() end
