--- What rings is acknowledged with PRACK, and the call is answered and talked in like any other.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voip_only",
  variants = { "reliable_provisionals" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  proves   = { "WIRE-01", "CALL-01", "CALL-02", "SIG-17" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:ring()
    caller:wait("ringing")
    ds.sleep(100 * ms) -- it rings for a moment
    callee:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    local call <const> = wire:call():answered()
    local acknowledged = false

    for _, event in ipairs(call.events) do
      acknowledged = acknowledged or event.label:find "^PRACK" ~= nil
    end
    wire:expect(acknowledged, "a provisional response was acknowledged with PRACK")
  end,
}
