--- VoIP only, with remote workers: rita and rolf work at home and reach their pool through the
--- Edge.
---
--- Each is an Enterprise Voice user like any other, except that calls from outside never bypass the
--- Mediation Server: the audio with the PSTN is relayed, whatever the bypass settings say.
---
---   alice, bob ------ pool -- mediation -- gateway -- pstn
---   rita, rolf -- edge -'
---
--- The Edge is two: the Access Edge, which their clients sign in through, and the A/V Edge, whose
--- public address (av) gives their audio an address inside. Nothing else lets audio through between
--- them and the enterprise; so everybody's client, and the Mediation Server, has ICE here.
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment" (on-site and remote workers).
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- Clients and gateway share a bypass ID: their audio may flow past the Mediation Server.
  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    branch       = { net = "127.0.20.0/24", bypass_id = "8d3c6b1e-04a9-4c2f-b7d5-91e0a6f3c821" },
    carrier      = { net = "127.0.40.0/24" },
    internet     = { net = "127.0.90.0/24", external = true },
    perimeter    = { net = "127.0.91.0/24", external = true },
    homes        = { net = "127.0.92.0/24", external = true },  -- their routers
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    edge      = { role = "edge",      site = "datacentre",   sip = "tls:5061", home = "pool",
                  av = "127.0.91.30", credentials = "rita:correct horse" },
    mediation = { role = "mediation", site = "datacentre",
                  sip = { "tls:5070", "tcp:5068", "tls:5067" } },
    gateway   = { role = "gateway",   site = "headquarters",
                  sip = { "tcp:5066", "tls:5067", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102",
              device = "lync_phone" },
    rita  = { role = "client", site = "internet",     home = "edge", number = "+14255550103" },
    rolf  = { role = "client", site = "internet",     home = "edge", number = "+14255550104" },

    -- Where alice may be when she is not at her desk.
    alice_away = { role = "client", site = "internet", home = "edge", user = "alice", away = true },
  },

  trunks = {
    { "mediation", "gateway", transport = "tcp", bypass = true },
    { "gateway",   "pstn",    kind = "tdm", channels = 23 },
  },

  -- The enterprise's numbers, given to somebody or not, and those in service in the PSTN.
  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  -- What Enterprise Voice users may dial, and the number they mean.
  dial_plan = {
    { to = [[^(\d{3})$]],   becomes = "+14255550$1" },  -- a colleague's extension
    { to = [[^9(\d{10})$]], becomes = "+1$1" },         -- 9 for an outside line
    { to = [[^(\d{10})$]],  becomes = "+1$1" },
    { to = [[^011(\d+)$]],  becomes = "+$1" },          -- abroad
  },

  -- First match wins. Every element looks among its own users before it looks here.
  routes = {
    { at = "pool",      to = [[^\+142555501\d\d$]], via = "nowhere" },  -- nobody has this number
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },  -- North America only

    { at = "mediation", from = "pool",    to = [[^\+]], via = "gateway" },
    { at = "mediation", from = "gateway", to = [[^\+]], via = "pool" },

    { at = "gateway",   from = "mediation", to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway",   from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+142555501\d\d$]], via = "gateway" },
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on        = {},
    bypass_off       = { bypass = { enabled = false } },
    other_site       = { nodes  = { gateway = { site = "branch" } } },  -- the bypass IDs differ
    tls_trunk        = { trunks = { { "mediation", "gateway", transport = "tls" } } },
    trunk_bypass_off = { trunks = { { "mediation", "gateway", bypass = false } } },

    -- Their machines and those inside reach one another: audio needs no Edge then.
    over_vpn = { sites = { internet = { routed = true } } },

    -- Each is at home behind a router that translates addresses.
    behind_nat = {
      nodes = { rita = { nat = "127.0.92.11" }, rolf = { nat = "127.0.92.12" } },
    },

    -- Another pool stands by; users outside get there once the Edge has it as its next hop.
    paired = {
      nodes = { pool   = { backup = "pool_b" },
                pool_b = { role = "pool", site = "branch", sip = "tls:5061" } },
    },

    -- Calls to which somebody is added move to the pool's conferencing server.
    conferencing = {
      nodes = { conferencing = { role = "conferencing", site = "headquarters", sip = "tls:5063" } },
    },
    -- Exchange UM takes the calls that users do not.
    voice_mail = {
      nodes      = { um = { role = "um", site = "headquarters", sip = "tls:5061" } },
      voice_mail = { servers = { "um" }, access = "+14255550190", attendant = "+14255550191" },
    },

    -- One ID everywhere: it stands in for the IDs of the sites, which differ here.
    always_bypass = {
      bypass = { always = "c2a4e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e81" },
      nodes  = { gateway = { site = "branch" } },
    },
  },
}
