--- A remote worker's calls, each way, take their signalling and their audio where the plan says.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "remote_worker",
  variants = { "bypass_on", "bypass_off" },

  run = function(net)
    net.rita:call(net.pstn, 300 * ms)
    net.pstn:call(net.rita, 300 * ms)
    net.rita:call(net.alice, 300 * ms)
    net.alice:call(net.rita, 300 * ms)
  end,

  expect = function(wire)
    wire:expect(#wire:calls() == 4, "there are four calls")
    for _, call in ipairs(wire:calls()) do
      call:as_planned()
    end
  end,
}
