--- A company on its way to Lync Server, behind the PBX: everybody has a telephone there, and a
--- client that takes over the telephone's number once its user has moved.
---
--- Alice has Enterprise Voice already. Carol is the pilot; sales (dave, erin) sit at the
--- headquarters beside her, research (frank, grace) and heidi at the branch. Nobody has moved when
--- a run begins: scenarios say who does, with `net:migrate`. The clients of the branch have another
--- bypass ID than the gateway, so their audio with the PBX passes the Mediation Server.
---
---   alice, carol_lync ... heidi_lync -- pool -- mediation -- gateway -- pbx -- pstn
---                                                                       |
---                                                 carol, dave, erin, frank, grace, heidi
---
--- Source: "Direct SIP deployment options in Lync Server 2013", sections "Incremental Deployment"
--- and "Enterprise Voice Behind the PBX".
return {
  option = "behind_pbx",
  domain = "contoso.example",
  bypass = { enabled = true },

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    branch       = { net = "127.0.20.0/24", bypass_id = "8d3c6b1e-04a9-4c2f-b7d5-91e0a6f3c821" },
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

    carol = { role = "phone", site = "headquarters", home = "pbx", number = "+14255550201",
              extension = "201" },
    dave  = { role = "phone", site = "headquarters", home = "pbx", number = "+14255550202",
              extension = "202", team = "sales" },
    erin  = { role = "phone", site = "headquarters", home = "pbx", number = "+14255550203",
              extension = "203", team = "sales" },
    frank = { role = "phone", site = "branch",       home = "pbx", number = "+14255550204",
              extension = "204", team = "research" },
    grace = { role = "phone", site = "branch",       home = "pbx", number = "+14255550205",
              extension = "205", team = "research" },
    heidi = { role = "phone", site = "branch",       home = "pbx", number = "+14255550206",
              extension = "206" },

    carol_lync = { role = "client", site = "headquarters", home = "pool", moves_from = "carol" },
    dave_lync  = { role = "client", site = "headquarters", home = "pool", moves_from = "dave" },
    erin_lync  = { role = "client", site = "headquarters", home = "pool", moves_from = "erin" },
    frank_lync = { role = "client", site = "branch",       home = "pool", moves_from = "frank" },
    grace_lync = { role = "client", site = "branch",       home = "pool", moves_from = "grace" },
    heidi_lync = { role = "client", site = "branch",       home = "pool", moves_from = "heidi" },
  },

  trunks = {
    { "mediation", "gateway", transport = "tcp", bypass = true },
    { "gateway",   "pbx",     kind = "tdm" },
    { "pbx",       "pstn",    kind = "tdm" },
  },

  -- The numbers of who may move are the PBX's: a block cannot be split by hand, so who has moved
  -- is an exception to it in the table of each element.
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

    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pbx" },
    { at = "gateway",   from = "pbx",       to = [[^\+]], via = "mediation" },

    { at = "pbx",       from = "gateway", to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "pbx",       to = [[^\+142555501\d\d$]], via = "gateway" },
    { at = "pbx",       to = [[^(1\d\d)$]], becomes = "+14255550$1", via = "gateway" },
    { at = "pbx",       from = "pstn", to = [[^\+]], via = "nowhere" },
    { at = "pbx",       to = [[^9(\d{10})$]], becomes = "+1$1", via = "pstn" },
    { at = "pbx",       to = [[^\+]], via = "pstn" },

    { at = "pstn",      to = [[^\+14255550[12]\d\d$]], via = "pbx" },
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on  = {},
    bypass_off = { bypass = { enabled = false } },

    -- What comes from the PBX and is nobody's here goes back there: with it a call to somebody of
    -- whom only the PBX thinks that they have moved would go round for ever.
    inter_trunk = {
      routes = {
        { at = "pool", to = [[^\+142555501\d\d$]], via = "nowhere" },
        { at = "pool", from = "mediation", to = [[^\+]], via = "mediation" },
      },
    },
  },
}
