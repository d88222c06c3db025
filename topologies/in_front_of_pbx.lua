--- Enterprise Voice in front of the PBX: every call lands on the gateway, which sends those for
--- Enterprise Voice users to Lync Server and those for PBX users to the PBX.
---
--- The PBX keeps its phones and its earlier devices, and Enterprise Voice users keep their numbers.
--- The gateway needs two trunks inside the enterprise: one to the PBX, one to the Mediation Server.
--- PBX users' calls to the PSTN turn around at the gateway; in the variant inter_trunk they cross
--- Lync Server, which picks the gateway.
---
---   alice, bob -- pool -- mediation -- gateway -- pstn
---                                        |
---                                       pbx -- carol, dave
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Enterprise Voice in Front
--- of the PBX".
return {
  option = "in_front_of_pbx",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- Clients and gateway share a bypass ID: their audio may flow past the Mediation Server.
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
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102",
              device = "lync_phone" },
    carol = { role = "phone",  site = "pbx_room",     home = "pbx",  number = "+14255550201",
              extension = "201" },
    dave  = { role = "phone",  site = "pbx_room",     home = "pbx",  number = "+14255550202",
              extension = "202", device = "earlier" },
  },

  trunks = {
    { "mediation", "gateway", transport = "tcp", bypass = true },
    { "gateway",   "pbx",     kind = "tdm", channels = 23 },
    { "gateway",   "pstn",    kind = "tdm", channels = 23 },
  },

  -- The enterprise's numbers, given to somebody or not, and those in service in the PSTN.
  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+142555502\d\d$]], party = "pbx" },
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
    { at = "gateway",   from = "pbx",       to = [[^\+142555502\d\d$]], via = "nowhere" },
    { at = "gateway",   to = [[^\+142555501\d\d$]], via = "mediation" },
    { at = "gateway",   to = [[^\+142555502\d\d$]], via = "pbx" },
    { at = "gateway",   from = "pstn", to = [[^\+]], via = "nowhere" },
    { at = "gateway",   to = [[^\+]], via = "pstn" },

    { at = "pbx",       from = "gateway", to = [[^\+]], via = "nowhere" },
    { at = "pbx",       to = [[^\+142555502\d\d$]], via = "nowhere" },
    { at = "pbx",       to = [[^(1\d\d)$]], becomes = "+14255550$1", via = "gateway" },
    { at = "pbx",       to = [[^9(\d{10})$]], becomes = "+1$1", via = "gateway" },
    { at = "pbx",       to = [[^\+]], via = "gateway" },

    { at = "pstn",      to = [[^\+14255550[12]\d\d$]], via = "gateway" },
  },

  -- The busy hour, for directsip plan.
  traffic = {
    ev  = { users = 100 },  -- 0.1 erlang each, half of it with the PSTN
    pbx = { users = 100 },
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on        = {},
    bypass_off       = { bypass = { enabled = false } },
    other_site       = { nodes  = { gateway = { site = "branch" } } },  -- the bypass IDs differ
    tls_trunk        = { trunks = { { "mediation", "gateway", transport = "tls" } } },
    trunk_bypass_off = { trunks = { { "mediation", "gateway", bypass = false } } },

    -- Alice sends her calls on to her mobile telephone, and Bob his to a colleague at the PBX.
    forwarded = {
      nodes = { alice = { forward = "+12065550142" }, bob = { forward = "+14255550201" } },
    },
    -- Alice's mobile telephone rings along with her computer.
    ring_also = { nodes = { alice = { ring_also = "+12065550142" } } },
    -- What comes in by the gateway and goes out by it has no audio at the Mediation Server.
    hairpin = {
      nodes = { alice = { forward = "+12065550142" }, bob = { forward = "+14255550201" },
                gateway = { alternate_bypass_id = "b3e1d0c2-5a47-4f89-9c6e-7d2f1a0b8e35" } },
    },

    -- Carol controls her telephone from her computer; the PBX is its own SIP/CSTA gateway.
    remote_call_control = {
      nodes = {
        pbx      = { sip = { "udp:5060", "tcp:5062" }, csta = true },
        carol_pc = { role = "client", site = "headquarters", home = "pool", controls = "carol" },
      },
    },

    -- The carrier has given two circuits, and then one more, to the users of both.
    two_channels   = { trunks = { { "gateway", "pstn", channels = 2 } } },
    three_channels = { trunks = { { "gateway", "pstn", channels = 3 } } },

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

    -- PBX users' calls to the PSTN cross Lync Server: the pool sends them back out. These lines
    -- come before the routes above.
    inter_trunk = {
      routes = {
        { at = "pool",    to = [[^\+142555501\d\d$]], via = "nowhere" },
        { at = "pool",    from = "mediation", to = [[^\+]], via = "mediation" },
        { at = "gateway", from = "pbx", to = [[^\+142555502\d\d$]], via = "nowhere" },
        { at = "gateway", from = "pbx", to = [[^\+]], via = "mediation" },
      },
    },
  },
}
