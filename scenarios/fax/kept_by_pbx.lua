--- A fax to a machine of the PBX stays with the PBX, as tones.
--- Lync Server hears nothing of it.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "behind_pbx",
  variants = { "fax_machine" },
  answered = true,
  proves   = { "OPT-03", "FAX-03" },
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
    wire:call():answered():path({ "pstn", "pbx", "fax" }):silent({ "gateway", "mediation", "pool" })
      :fax():by_audio():flows("pstn", "pbx"):arrives()
  end,
}
