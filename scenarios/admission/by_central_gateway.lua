--- The branch's calls with the PSTN take the central gateway. They cannot bypass the Mediation Server,
--- which asks for the link on its side, as Bella does on hers; a second one has no room.
local ds <const> = require "ds"

local function refuse_second(net, first, taken)
  local second <close> = net.bruno:dial(net.pstn)

  second:wait("failed")
  first:talk(200 * ds.ms):hang_up()
  taken:wait("ended")
end

return ds.scenario {
  topology = "admission",
  variants = { "central_gateway" },
  proves   = { "CAC-01", "CAC-02", "CAC-03", "BYP-11", "BYP-04" },

  run = function(net)
    local out <close> = net.bella:dial(net.pstn)
    local out_there <close> = net.pstn:await_call()

    out_there:answer()
    refuse_second(net, out:wait("answered"), out_there)

    local back <close> = net.pstn:dial(net.bella)
    local back_here <close> = net.bella:await_call()

    back_here:answer()
    refuse_second(net, back:wait("answered"), back_here)
  end,

  expect = function(wire)
    wire:call { nth = 2 }:refused(488):path { "bruno", "pool", "mediation" }
    wire:call { nth = 4 }:refused(488):path { "bruno", "pool", "mediation" }
  end,
}
