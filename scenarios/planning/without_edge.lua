--- The Edge has failed: a remote worker's call stops, and calls of the others get through.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

return ds.scenario {
  topology = "remote_worker",

  run = function(net)
    net.edge:fail()

    local remote <close> = net.rita:dial(net.pstn)

    pcall(remote.wait, remote, "answered", 2 * s)

    local inner <close> = net.alice:dial(net.pstn)

    net.pstn:await_call():answer()
    inner:wait("answered"):talk(300 * ms):hang_up():wait("ended")
  end,

  expect = function(wire)
    local calls <const> = wire:calls()

    -- Her call is seen only if she has not noticed before that the Edge is gone.
    for _, call in ipairs(calls) do
      call:as_planned("edge")
    end
    wire:call { nth = #calls }:answered()
  end,
}
