--- In every option, whoever calls a user that is busy comes to voice mail: past no element more, and
--- its audio past the Mediation Server only where the call comes over a trunk.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = {
    "behind_pbx:voice_mail", "in_front_of_pbx:voice_mail", "direct_sip_partner:voice_mail",
    "voice_mail", "analogue_devices:voice_mail",
  },
  calls    = { "ev_to_um", "pstn_to_um", "pbx_to_um", "analogue_to_um" },
  answered = true,
  proves   = { "RTE-23", "MAIL-01" },

  run = function(net)
    local user <const> = net.caller.name == "alice" and net.bob or net.alice
    local caller <close> = net.caller:dial(user)

    user:await_call():busy()
    caller:wait("answered"):talk(600 * ms)
    caller:hang_up()

    local listener <close> = user:dial("+14255550190")

    listener:wait("answered"):wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 1 }:answered()
    wire:call { nth = 2 }:answered()
  end,
}
