--- A remote worker's calls, each way, take their signalling and their audio where the plan says.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk(caller, callee)
  local near <close> = caller:dial(callee)
  local far <close> = callee:await_call()

  far:answer()
  near:wait("answered"):talk(300 * ms):hang_up()
  far:wait("ended")
end

return ds.scenario {
  topology = "remote_worker",
  variants = { "bypass_on", "bypass_off" },

  run = function(net)
    talk(net.rita, net.pstn)
    talk(net.pstn, net.rita)
    talk(net.rita, net.alice)
    talk(net.alice, net.rita)
  end,

  expect = function(wire)
    wire:expect(#wire:calls() == 4, "there are four calls")
    for _, call in ipairs(wire:calls()) do
      call:as_planned()
    end
  end,
}
