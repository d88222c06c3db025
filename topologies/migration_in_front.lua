--- A company on its way to Lync Server, in front of the PBX: the gateway keeps, number by number,
--- who has moved, and sends their calls to Lync Server and everybody else's to the PBX.
---
--- As in migration.lua, nobody has moved when a run begins: scenarios say who does.
---
---   alice, carol_lync, dave_lync -- pool -- mediation -- gateway -- pstn
---                                                         |
---                                                        pbx -- carol, dave
---
--- Source: "Direct SIP deployment options in Lync Server 2013", sections "Incremental Deployment"
--- and "Enterprise Voice in Front of the PBX".
return {
  option = "in_front_of_pbx",
  domain = "contoso.example",
  bypass = { enabled = true },

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    pbx_room     = { net = "127.0.30.0/24" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",
                  sip = { "tls:5070", "tcp:5068", "tls:5067" } },
    gateway   = { role = "gateway",   site = "headquarters",
                  sip = { "tcp:5066", "tls:5067", "udp:5060" } },
    pbx       = { role = "pbx",       site = "pbx_room",     sip = "udp:5060" },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    carol = { role = "phone",  site = "headquarters", home = "pbx",  number = "+14255550201",
              extension = "201" },
    dave  = { role = "phone",  site = "headquarters", home = "pbx",  number = "+14255550202",
              extension = "202" },

    carol_lync = { role = "client", site = "headquarters", home = "pool", moves_from = "carol" },
    dave_lync  = { role = "client", site = "headquarters", home = "pool", moves_from = "dave" },
  },

  trunks = {
    { "mediation", "gateway", transport = "tcp", bypass = true },
    { "gateway",   "pbx",     kind = "tdm" },
    { "gateway",   "pstn",    kind = "tdm" },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+142555502\d\d$]], party = "pbx" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  dial_plan = {
    { to = [[^(\d{3})$]],   becomes = "+14255550$1" },  -- a colleague's extension
    { to = [[^9(\d{10})$]], becomes = "+1$1" },         -- 9 for an outside line
  },

  -- First match wins. Every element looks among its own users, and at who has moved, before it
  -- looks here.
  routes = {
    { at = "pool",      to = [[^\+142555501\d\d$]], via = "nowhere" },  -- nobody has this number
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },

    { at = "mediation", from = "pool",    to = [[^\+]], via = "gateway" },
    { at = "mediation", from = "gateway", to = [[^\+]], via = "pool" },

    { at = "gateway",   from = "mediation", to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "gateway",   from = "pbx",       to = [[^\+142555502\d\d$]], via = "nowhere" },
    { at = "gateway",   to = [[^\+142555501\d\d$]], via = "mediation" },
    { at = "gateway",   to = [[^\+142555502\d\d$]], via = "pbx" },
    { at = "gateway",   from = "pstn", to = [[^\+]], via = "nowhere" },
    { at = "gateway",   to = [[^\+]], via = "pstn" },

    { at = "pbx",       from = "gateway", to = [[^\+]], via = "nowhere" },
    { at = "pbx",       to = [[^9(\d{10})$]], becomes = "+1$1", via = "gateway" },
    { at = "pbx",       to = [[^\+]], via = "gateway" },

    { at = "pstn",      to = [[^\+14255550[12]\d\d$]], via = "gateway" },
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on  = {},
    bypass_off = { bypass = { enabled = false } },

    -- What comes from the gateway and is nobody's here goes back to it: with it a call to somebody
    -- of whom only the gateway thinks that they have moved would go round for ever.
    inter_trunk = {
      routes = {
        { at = "pool", to = [[^\+142555501\d\d$]], via = "nowhere" },
        { at = "pool", from = "mediation", to = [[^\+]], via = "mediation" },
      },
    },
  },
}
