--- Where clients and trunk require SRTP, the conferencing server encrypts as a client does; what it mixes
--- it opens and seals anew for each.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = { "srtp:conferencing" },
  proves   = { "MED-05", "MED-24", "BYP-10", "CONF-02", "XFER-04" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms):add(net.bob)

    local third <close> = net.bob:await_call()

    third:answer()
    assert(caller:wait_added() == 200)
    third:talk(400 * ms):hang_up()
    callee:hang_up()
    caller:hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 3 }:answered():audio():flows("conferencing", "mediation"):encrypted()
      :flows("mediation", "gateway"):encrypted()
    wire:call { nth = 4 }:answered():audio():flows("conferencing", "bob"):encrypted()
  end,
}
