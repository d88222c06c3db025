--- Bob gives up while Alice's telephone rings: the pool has a UM server note that for her. It does so for no
--- call that she takes, or declines, and for none to Carol, who has no voice mail.
local ds <const> = require "ds"
local s <const>, ms <const> = ds.s, ds.ms

local function give_up(caller, callee)
  local near <close> = caller:dial(callee)

  callee:await_call():ring()
  near:wait("ringing")
  near:hang_up()
  near:wait("failed")
end

return ds.scenario {
  topology = "voice_mail",
  variants = { "missed_calls" },
  proves   = { "MAIL-07", "CALL-03" },

  run = function(net)
    give_up(net.bob, net.alice)
    net.bob:call(net.alice, 100 * ms)
    give_up(net.bob, net.carol)

    local declined <close> = net.bob:dial(net.alice)

    net.alice:await_call():decline()
    declined:wait("failed")
    give_up(net.pstn, net.alice)
    ds.sleep(3 * s) -- all notes are told by then
  end,

  expect = function(wire)
    wire:expect(#wire:calls() == 5, "the sessions that notes are told in are no calls")
    wire:call { nth = 1 }:cancelled():silent { "um_a", "um_b" }
    wire:call { nth = 5 }:cancelled()
    wire:expect(#wire:sends("pool", "um_a", "INFO").times == 2, "two calls were missed")
  end,
}
