--- The callee is away once 1 ms has passed, and refuses when a hundred thousand naps of no length are
--- over. They take no virtual time; on any machine they take longer than 1 ms.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",

  run = function(net)
    local caller <close> = net.alice:dial(net.bob)
    local callee <close> = net.bob:await_call()
    local away = false

    ds.spawn(function()
      ds.sleep(ds.ms)
      away = true
    end)
    for _ = 1, 100000 do
      ds.sleep(0)
    end
    ds.sleep(100 * ds.us)
    ds.sleep(100 * ds.us) -- after that wait, the clock has been read
    callee:refuse(away and 480 or 488)
    caller:wait("failed")
  end,
}
