--- A user asks somebody in the PSTN first, and hands the caller over then: both are behind trunks,
--- and the Mediation Server puts one in the user's place in the other's call.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "voip_only", "direct_sip_partner" },
  variants = { "bypass_on", "no_refer", "third_party" },
  proves   = { "XFER-01", "XFER-02", "XFER-04", "XFER-05" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local first <close> = net.alice:await_call()

    first:answer()
    caller:wait("answered"):talk(120 * ms)
    first:hold()

    local question <close> = net.alice:dial("+12065550188")
    local second <close> = net.pstn:await_call()

    second:answer()
    question:wait("answered"):talk(120 * ms)
    first:transfer_to(question)
    first:wait("ended")
    question:wait("ended")
    caller:wait("answered"):talk(200 * ms)
    second:hang_up()
    caller:wait("ended")
  end,
}
