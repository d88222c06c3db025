--- VoIP only with encrypted audio: the trunk requires SRTP, and so do the clients.
---
---   alice, bob -- pool -- mediation -- gateway -- pstn
---
--- What the trunk asks for is SRTPMode of Set-CsTrunkConfiguration, what clients do EncryptionLevel
--- of Set-CsMediaConfiguration. The variants are the rows of the table that follows from the two.
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment".
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },
  encryption = "required",

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",
                  sip = { "tls:5070", "tls:5067", "tcp:5068" } },
    gateway   = { role = "gateway",   site = "headquarters", srtp = true,
                  sip = { "tls:5067", "tcp:5066", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },
  },

  trunks = {
    { "mediation", "gateway", transport = "tls", bypass = true, srtp = "required" },
    { "gateway",   "pstn",    kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  routes = {
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1206\d{7}$]], via = "mediation" },

    { at = "mediation", from = "pool",    to = [[^\+]], via = "gateway" },
    { at = "mediation", from = "gateway", to = [[^\+]], via = "pool" },

    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway",   from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+142555501\d\d$]], via = "gateway" },
  },

  variants = {
    required = {},
    required_through_mediation = { bypass = { enabled = false } },

    -- Whoever can encrypts, and nobody must.
    optional = {
      encryption = "supported",
      trunks = { { "mediation", "gateway", srtp = "optional" } },
    },
    optional_through_mediation = {
      encryption = "supported", bypass = { enabled = false },
      trunks = { { "mediation", "gateway", srtp = "optional" } },
    },
    -- The clients must, and the gateway can, though its trunk does not ask for it.
    clients_insist = {
      trunks = { { "mediation", "gateway", srtp = "optional" } },
    },
    -- The trunk asks for it, and clients do what they are asked for.
    trunk_insists = { encryption = "supported" },
    -- The gateway cannot, and nobody minds.
    plain_gateway = {
      encryption = "supported",
      nodes  = { gateway = { srtp = false } },
      trunks = { { "mediation", "gateway", srtp = "optional" } },
    },

    -- Calls to which somebody is added move to the pool's conferencing server.
    conferencing = {
      nodes = { conferencing = { role = "conferencing", site = "headquarters", sip = "tls:5063" } },
    },
    -- One side must, and the other cannot: audio has to pass the Mediation Server.
    plain_gateway_refused = {
      nodes  = { gateway = { srtp = false } },
      trunks = { { "mediation", "gateway", srtp = "optional" } },
    },
    plain_trunk   = { trunks = { { "mediation", "gateway", srtp = "off" } } },
    tcp_trunk     = { trunks = { { "mediation", "gateway", transport = "tcp", srtp = "off" } } },
    plain_clients = { encryption = "off" },

    -- The trunk demands what the gateway lacks: no call gets through.
    gateway_lacks_srtp = { nodes = { gateway = { srtp = false } } },

    -- TLS for signalling, and no SRTP at all.
    off = {
      encryption = "off",
      trunks = { { "mediation", "gateway", srtp = "off" } },
    },
  },
}
