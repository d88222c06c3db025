--- Digits typed at a client reach the PSTN, and the other way, as RFC 4733 events.
local ds <const> = require "ds"

return ds.scenario {
  topology = ds.every_option,
  variants = { "bypass_on", "bypass_off" },
  proves   = { "MED-03", "CALL-02" },

  run = function(net)
    local caller <close> = net.alice:dial(net.pstn)
    local callee <close> = net.pstn:await_call()

    callee:answer()
    caller:wait("answered")
    caller:send_digits("1#")
    callee:send_digits("9")

    local function both_came() return callee:digits() == "1#" and caller:digits() == "9" end

    ds.wait(both_came, ds.s, "the digits")
    caller:hang_up()
    callee:wait("ended")
  end,

  expect = function(wire)
    wire:call():audio():digits("1#", "pstn"):digits("9", "alice")
  end,
}
