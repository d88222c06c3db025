--- The gateway takes no T.38: it answers 488, and the fax goes over as audio.
--- The page arrives all the same.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "analogue_devices",
  variants = { "audio_only" },
  answered = true,
  proves   = { "FAX-03", "FAX-04" },
  limit    = 90 * s,

  run = function(net)
    local caller <close> = net.pstn:dial(net.fax)
    local callee <close> = net.fax:await_call()

    caller:send_fax()
    callee:receive_fax():answer()
    caller:wait("answered"):wait_fax()
    callee:wait_fax()
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():fax():by_audio():flows("gateway", "analogue_gateway")
      :never_touches("mediation"):arrives()
  end,
}
