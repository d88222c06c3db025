--- The link is taken, and the branch's Edge does not answer. After two seconds Bruno's client gives up on
--- the way over the Internet, and Dora's call goes over the PSTN.
local ds <const> = require "ds"

return ds.scenario {
  topology = "admission",
  variants = { "internet" },
  faults   = { "kill edge_branch" },
  proves   = { "RTE-27", "CAC-02", "BYP-11", "OPT-01", "OPT-02" },

  run = function(net)
    local first <close> = net.alice:dial(net.bella)
    local taken <close> = net.bella:await_call()

    taken:answer()
    first:wait("answered")

    local caller <close> = net.dora:dial(net.bruno)
    local callee <close> = net.bruno:await_call()

    callee:answer()
    caller:wait("answered"):talk(200 * ds.ms):hang_up()
    callee:wait("ended")
    first:hang_up()
    taken:wait("ended")
  end,

  expect = function(wire)
    wire:call { nth = 2 }:answered()
      :path { "dora", "pool", "bruno", "mediation", "gateway", "pstn" }
    wire:call { nth = 3 }:answered():path { "pstn", "gateway_branch", "mediation", "pool", "bruno" }
  end,
}
