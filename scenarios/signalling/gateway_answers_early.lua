--- A gateway shows its audio at once, so that tones and announcements are heard before the answer.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx", "voip_only" },
  variants = { "bypass_on", "bypass_off" },
  proves   = { "SIG-12", "BYP-20", "CALL-05", "CALL-06", "MED-14" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    caller:wait("early_media")
    callee:ring()
    caller:wait("ringing")
    callee:answer()
    caller:wait("answered")
    caller:talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():ladder [[
      alice     -> pool      : INVITE
      pool      -> mediation : INVITE
      mediation -> gateway   : INVITE
      gateway   -> mediation : 183 SDP   within 500ms
      ...
    ]]
  end,
}
