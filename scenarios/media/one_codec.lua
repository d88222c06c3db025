--- An offer of one codec alone is taken, and that one is heard both ways.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "voip_only",
  variants = { "only_pcmu", "only_pcma" },
  calls    = { "ev_to_pstn", "pstn_to_ev" },
  proves   = { "CALL-02", "MED-17", "MED-22" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ms)
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire) wire:call():answered():audio():both_ways() end,
}
