--- Carol's computer takes hold of her telephone as it signs in, by way of the pool.
local ds <const> = require "ds"

return ds.scenario {
  topology = { "behind_pbx", "in_front_of_pbx" },
  variants = { "remote_call_control" },
  proves   = { "RCC-02", "RCC-03" },

  run = function(net)
    net.carol_pc:wait_line("idle")
  end,
}
