--- The link is taken, and Carl's calls may not go over the PSTN: Bella gets a message. Bruno's message
--- for Dora crosses the full link, as voice mail is never refused.
local ds <const> = require "ds"

local function leave_message(from, to)
  local caller <close> = from:dial(to)

  caller:wait("answered"):talk(300 * ds.ms):hang_up()
end

return ds.scenario {
  topology = "admission",
  variants = { "no_reroute" },
  proves   = { "RTE-27", "CAC-02", "CAC-04", "OPT-01" },

  run = function(net)
    local first <close> = net.alice:dial(net.bella)
    local taken <close> = net.bella:await_call()

    taken:answer()
    first:wait("answered")
    leave_message(net.carl, net.bella)
    leave_message(net.bruno, net.dora)
    first:hang_up()
    taken:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered():path { "carl", "pool", "bella", "um" }
    wire:call { nth = 3 }:answered():path { "bruno", "pool", "dora", "um" }
      :audio():flows("bruno", "um"):both_ways()
  end,
}
