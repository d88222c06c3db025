--- One packet of T.38 in ten is lost: the copies in those after it make up for that.
--- The page arrives all the same.
local ds <const> = require "ds"
local s <const> = ds.s

return ds.scenario {
  topology = "analogue_devices",
  answered = true,
  proves   = { "FAX-02", "FAX-03" },
  limit    = 90 * s,

  run = function(net)
    local caller <close> = net.pstn:dial(net.fax)
    local callee <close> = net.fax:await_call()

    caller:send_fax()
    callee:receive_fax():answer()
    caller:wait("answered")
    ds.sleep(2 * s) -- by now they have agreed on T.38

    local weather <close> = net:fault "lose 10% of udp and host gateway and host analogue_gateway"

    caller:wait_fax()
    callee:wait_fax()
    weather:stop()
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():fax():by_t38():arrives()
  end,
}
