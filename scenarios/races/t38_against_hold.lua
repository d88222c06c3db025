--- The gateway that has the fax machine asks for T.38 just as the caller holds: the offers meet.
--- Both are refused, and T.38 is asked for once more after the wait that its side must keep.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "analogue_devices",
  proves   = { "SIG-22", "FAX-01" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.fax)
    local callee <close> = net.fax:await_call()

    caller:send_fax()
    callee:receive_fax():answer()
    caller:wait("answered")
    net:fault "delay 20ms of host gateway and host analogue_gateway and greater 100"
    ds.sleep(770 * ms) -- the offer has left, and has not come
    ds.spawn(function() -- where the hold was first, the fax needs it over
      if pcall(caller.hold, caller) then pcall(caller.resume, caller) end
    end)
    ds.sleep(2400 * ms) -- who was called waits for two seconds at most
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():fax():by_t38()
  end,
}
