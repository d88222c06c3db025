--- A caller of the PSTN reaches Alice, who adds Carol, and Carol adds Bob; Alice leaves, and the others
--- go on talking.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function add(call, client)
  call:add(client)

  local added <const> = client:await_call()

  added:ring()
  added:answer()
  assert(call:wait_added() == 200)
  return added
end

return ds.scenario {
  topology = "conferencing",
  variants = { "bypass_on", "bypass_off" },
  proves   = { "CONF-02", "CONF-03", "CONF-04", "XFER-04" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local callee <close> = net.alice:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms)

    local third <close> = add(callee, net.carol)
    local fourth <close> = add(third, net.bob)

    callee:talk(400 * ms):hang_up()
    third:talk(100 * ms)
    caller:hang_up()
    fourth:talk(100 * ms):hang_up()
    third:hang_up()
  end,

  expect = function(wire)
    wire:call { nth = 3 }:answered():audio():hears("pstn", "carol"):hears("pstn", "bob")
    wire:call { nth = 5 }:answered():audio():hears("bob", "pstn"):hears("bob", "carol")
      :hears("bob", "alice")
  end,
}
