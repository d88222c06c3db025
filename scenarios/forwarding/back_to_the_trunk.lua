--- Calls of PSTN and PBX come in by a trunk, and go out by it to whom their users have chosen.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function call(from, user, taker)
  local caller <close> = from:dial(user)
  local callee <close> = taker:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms)
  caller:hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx", "direct_sip_partner" },
  variants = { "forwarded", "hairpin" },
  proves   = { "FWD-01", "FWD-03", "OPT-01", "OPT-02", "OPT-03", "CALL-02", "CALL-05" },

  run = function(net)
    call(net.pstn, net.alice, net.pstn)
    call(net.pstn, net.bob, net.carol)
    call(net.dave, net.alice, net.pstn)
    call(net.dave, net.bob, net.carol)
  end,

  expect = function(wire)
    for nth = 1, 4 do
      wire:call { nth = nth }:answered():as_planned():silent { "alice", "bob" }
    end
  end,
}
