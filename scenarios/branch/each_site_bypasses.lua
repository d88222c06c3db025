--- Each site calls out by its own gateway, and no audio crosses the link between the two.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function talk_to_the_pstn(net, client)
  local caller <close> = client:dial(net.pstn)
  local callee <close> = net.pstn:await_call()

  callee:answer()
  caller:wait("answered"):talk(200 * ms):hang_up()
  callee:wait("ended")
end

return ds.scenario {
  topology = "branch",
  proves   = { "BYP-01", "BYP-06", "BYP-07" },

  run = function(net)
    talk_to_the_pstn(net, net.bella)
    talk_to_the_pstn(net, net.carl)
  end,

  expect = function(wire)
    local branch <const>, campus <const> = wire:call { nth = 1 }, wire:call { nth = 2 }

    branch:answered():path { "bella", "pool", "mediation", "gateway_branch", "pstn" }
    branch:audio():flows("bella", "gateway_branch"):both_ways():never_touches("mediation")
    campus:answered():path { "carl", "pool", "mediation", "gateway", "pstn" }
    campus:audio():flows("carl", "gateway"):both_ways():never_touches("mediation")
  end,
}
