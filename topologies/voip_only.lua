--- VoIP only: a new business, or a new office, without a PBX. All calls cross the IP network, and
--- the gateway is the way to the PSTN.
---
---   alice, bob -- pool -- mediation -- gateway -- pstn
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment".
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
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",
                  sip = { "tls:5070", "tcp:5068", "tls:5067" } },
    gateway   = { role = "gateway",   site = "headquarters",
                  sip = { "tcp:5066", "tls:5067", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102",
              device = "lync_phone" },
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

  -- The busy hour, for directsip plan.
  traffic = {
    ev = { users = 100 },  -- 0.1 erlang each, half of it with the PSTN
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on        = {},
    bypass_off       = { bypass = { enabled = false } },
    other_site       = { nodes  = { gateway = { site = "branch" } } },  -- the bypass IDs differ
    tls_trunk        = { trunks = { { "mediation", "gateway", transport = "tls" } } },
    -- What rings or announces is acknowledged too (RFC 3262).
    reliable_provisionals = {
      nodes = { alice = { prack = true }, bob = { prack = true }, mediation = { prack = true },
                gateway = { prack = true }, pstn = { prack = true } },
    },
    -- Alice has a phone of her own on the desk besides her computer; both ring.
    second_device = {
      nodes = { alice_desk = { role = "client", site = "headquarters", home = "pool",
                               user = "alice", device = "lync_phone" } },
    },
    -- Another pool stands by, at which everybody signs in while the first one does not answer.
    paired = {
      nodes = { pool   = { backup = "pool_b" },
                pool_b = { role = "pool", site = "branch", sip = "tls:5061" } },
    },
    -- What Alice does not take within a second goes on to her mobile telephone.
    unanswered = {
      nodes = { alice = { unanswered = "+12065550142", rings = 1 } },
    },
    -- The carrier delivers the last four digits, which mean something to this gateway only.
    four_digits = {
      dial_plan = { { from = "gateway", to = [[^(0\d{3})$]], becomes = "+1425555$1" } },
      routes = {
        { at = "gateway", from = "pstn", to = [[^\+1425555(01\d\d)$]], becomes = "$1",
          via = "mediation" },
      },
    },
    -- The gateway's certificate was made out to somebody else: nobody talks to it, whoever calls.
    foreign_certificate = {
      trunks = { { "mediation", "gateway", transport = "tls" } },
      nodes  = { gateway = { certificate = "gateway.fabrikam.example" } },
    },
    -- The gateway sends no RTCP, and the trunk says so.
    without_rtcp = {
      bypass = { enabled = false },
      trunks = { { "mediation", "gateway", rtcp_active = false, rtcp_on_hold = false } },
    },
    -- One codec alone is offered and taken: by the gateway and by Alice's client, whose audio bypasses,
    -- and by the gateway where audio passes the Mediation Server.
    only_pcmu = {
      nodes  = { gateway = { codec = "PCMU", one_codec = true },
                 alice   = { codec = "PCMU", one_codec = true } },
    },
    only_pcma = {
      bypass = { enabled = false },
      nodes  = { gateway = { codec = "PCMA", one_codec = true } },
    },
    -- The gateway was bought with licences for G.729 alone.
    only_g729 = { nodes = { gateway = { codec = "G729" } } },
    -- A second gateway is told of the Mediation Server, and the Mediation Server not of it.
    stranger = {
      nodes  = { gateway_b = { role = "gateway", site = "headquarters",
                               sip = { "tcp:5066", "udp:5060" } } },
      trunks = {
        { "mediation", "gateway_b", defined = false },
        { "gateway_b", "pstn", kind = "tdm", channels = 23 },
      },
      routes = {
        { at = "pstn",      to = [[^\+142555501\d\d$]], via = "gateway_b" },
        { at = "gateway_b", to = [[^\+]], via = "mediation" },
      },
    },
    -- The gateway asserts who calls, and the trunk passes that on, or does not.
    asserted_identity = {
      nodes  = { gateway = { asserts_identity = true } },
      trunks = { { "mediation", "gateway", forward_pai = true } },
    },
    identity_kept_out = { nodes = { gateway = { asserts_identity = true } } },
    trunk_bypass_off = { trunks = { { "mediation", "gateway", bypass = false } } },

    -- The gateway takes no REFER: the Mediation Server transfers calls itself, by joining two legs or, as
    -- a third party, by telling both ends of one another.
    no_refer = {
      trunks = { { "mediation", "gateway", refer = false, rtcp_active = false,
                   rtcp_on_hold = false } },
    },
    no_refer_bypass_off = {
      bypass = { enabled = false },
      trunks = { { "mediation", "gateway", refer = false, rtcp_active = false,
                   rtcp_on_hold = false } },
    },
    third_party = {
      trunks = { { "mediation", "gateway", refer = false, third_party_refer = true,
                   rtcp_active = false, rtcp_on_hold = false } },
    },

    -- One ID everywhere: it stands in for the IDs of the sites, which differ here.
    always_bypass = {
      bypass = { always = "c2a4e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e81" },
      nodes  = { gateway = { site = "branch" } },
    },
  },
}
