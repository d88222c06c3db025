--- In a conference Bob holds, is sent nothing, and comes back; the others go on talking meanwhile.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "conferencing:bypass_on", "sip_trunk:conferencing" },
  proves   = { "CONF-02", "BYP-10", "SIG-01", "SIG-02" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms):add(net.bob)

    local third <close> = net.bob:await_call()

    third:answer()
    assert(caller:wait_added() == 200)
    caller:mute()
    ds.sleep(100 * ms)
    third:hold()
    caller:unmute():talk(300 * ms)
    third:resume()
    third:talk(150 * ms):hang_up()
    callee:hang_up()
    caller:hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():audio():hears("alice", "pstn"):hears("alice", "bob")
    wire:call { nth = 4 }:answered():audio():hears("bob", "pstn"):hears("bob", "alice")
  end,
}
