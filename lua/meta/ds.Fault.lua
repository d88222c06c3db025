---@meta ds.Fault

---Something that goes wrong. It is over when it leaves its scope, and with the run at the latest:
---`local cut <close> = net:fault "cut mediation-gateway"`.
---@class ds.Fault
local Fault = {}

---It is over. What it froze goes on; what it killed has power again.
function Fault:stop() end
