--- The only peer of the Mediation Server refuses with 503, and the caller hears 503.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  proves   = { "CALL-04" },

  run = function(net)
    net.gateway:on("invite", function(req) req:reply(503) end)

    local caller <close> = net.alice:dial(net.pstn)

    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(503):ladder [[
      alice     -> pool      : INVITE
      pool      -> mediation : INVITE
      mediation -> gateway   : INVITE
      gateway   -> mediation : 503
      mediation -> gateway   : ACK
      ...
      pool      -> alice     : 503
      alice     -> pool      : ACK
    ]]
  end,
}
