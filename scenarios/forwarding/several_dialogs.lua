--- Each place where a call from the PSTN rings is a dialog of its own to the gateway, up to a limit.
local ds <const> = require "ds"
local ms <const> = ds.ms

return ds.scenario {
  topology = "forwarding",
  variants = { "ring_also", "two_dialogs" },
  proves   = { "BYP-22", "SIG-18", "BYP-01", "OPT-01", "OPT-02", "CALL-02" },

  run = function(net)
    local caller <close> = net.pstn:dial(net.alice)
    local desk <close> = net.alice_desk:await_call()
    local computer <close> = net.alice:await_call()
    local mobile <close> = net.pstn:await_call()

    mobile:ring()
    desk:early_media()
    computer:early_media()
    caller:wait("early_media")
    ds.sleep(100 * ms)
    desk:answer()
    computer:wait("ended")
    mobile:wait("ended")
    caller:wait("answered"):talk(200 * ms)
    desk:hold()
    caller:wait("held")
    desk:resume()
    caller:wait("answered")
    caller:hang_up()
    desk:wait("ended")
  end,

  expect = function(wire)
    wire:call():answered():audio():flows("alice_desk", "gateway"):both_ways()
      :hears("pstn", "alice_desk")
  end,
}
