--- Two devices of one user answer at once: one has the call, the other is cancelled or cleared.
--- On a slow machine the other would have begun to talk, which no option lays down.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  variants = { "second_device" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local softphone <close> = net.alice:await_call()
    local desk_phone <close> = net.alice_desk:await_call()

    softphone:ring()
    desk_phone:ring()
    caller:wait("ringing")
    ds.spawn(function()
      if not desk_phone:is_over() then
        desk_phone:answer()
      end
    end)
    if not softphone:is_over() then
      softphone:answer()
    end
    caller:wait("answered")
    ds.wait(function() return softphone:is_over() or desk_phone:is_over() end, 5 * ds.s,
      "one of the two to be out of the call")
    caller:talk(200 * ds.ms):hang_up()
    ds.wait(function() return softphone:is_over() and desk_phone:is_over() end, 5 * ds.s,
      "the end of both")
  end,

  expect = function(wire)
    wire:call():answered():audio():both_ways()
  end,
}
