--- Digits typed while an announcement plays, before the answer, reach the far end.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "bypass_off" },
  calls    = { "ev_to_pstn" },
  proves   = { "MED-03" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:early_media()
    caller:wait("early_media")
    caller:send_digits("7#")
    ds.wait(function() return callee:digits() == "7#" end, s, "the digits")
    callee:refuse(480)
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(480):audio():digits("7#", "pstn")
  end,
}
