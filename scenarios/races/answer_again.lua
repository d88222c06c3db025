--- An ACK that is late meets the answer that is sent again, and the call goes on as if it had not.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  faults   = { "delay 350ms of udp port 5060" },
  proves   = { "CALL-01", "CALL-05" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(ds.s):hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():cleared_by("caller"):audio():both_ways()
  end,
}
