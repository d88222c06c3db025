---@meta ds

---What a scenario requires as `ds`: units, the scenario itself, waiting, and programs.
---@class ds
---@field us integer One microsecond, the unit of every time here.
---@field ms integer One millisecond: write `300 * ds.ms`.
---@field s integer One second.
---@field every_option string[] The deployment options of the planning guide, as topologies.
---@field every_call ds.Pair[] Every pair of parties that talk.
---@field page_rows integer Rows of a page of fax where nothing else is said.
---@field every_bypass string[] Bypass on, off, and on while client and gateway share no bypass ID.
local ds = {}

---A pair of parties: who calls, and who is called.
---@alias ds.Pair
---| "ev_to_ev"
---| "ev_to_pstn"
---| "pstn_to_ev"
---| "ev_to_pbx"
---| "pbx_to_ev"
---| "pbx_to_pstn"
---| "pstn_to_pbx"
---| "pbx_to_pbx"
---| "ev_to_analogue"
---| "analogue_to_ev"
---| "analogue_to_pstn"
---| "pstn_to_analogue"
---| "pstn_to_fax"
---| "fax_to_pstn"
---| "ev_to_um"
---| "pstn_to_um"
---| "pbx_to_um"
---| "analogue_to_um"

---Declares a scenario. The file returns what this returns.
---@param spec ds.Scenario
---@return ds.Scenario
function ds.scenario(spec) end

---Lets scenario time pass.
---@param duration_us integer microseconds: write `800 * ds.ms`
function ds.sleep(duration_us) end

---Waits until `condition` holds. Fails the scenario at this line when time runs out.
---@param condition fun(): any asked after every turn of the network
---@param within_us integer
---@param what string? what was waited for, for the sentence of the failure
function ds.wait(condition, within_us, what) end

---A second voice: runs beside the scenario, and the run lasts until it has ended too.
---@param voice fun()
function ds.spawn(voice) end

---Leaves the run as skipped, with the reason.
---@param reason string
function ds.skip(reason) end

---Starts a program inside the run's own network. Skips the run where it is not installed.
---@param argv string[] the program and its arguments, 64 words at most
---@return ds.Program
function ds.program(argv) end

---A duration as people write it: "1.5 s", "300 ms".
---@param duration_us integer
---@return string
function ds.duration(duration_us) end

return ds
