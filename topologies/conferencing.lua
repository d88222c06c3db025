--- VoIP only, with an A/V conferencing server: a user who talks with somebody adds a third, and all are
--- mixed there.
---
---   alice, bob, carol -- pool -- mediation -- gateway -- pstn
---                          |
---                     conferencing
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment".
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- The conferencing server stands where the gateway does. Their audio passes the Mediation Server all
  -- the same, unless bypass is for conferences too.
  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",
                  sip = { "tls:5070", "tcp:5068", "tls:5067" } },
    gateway   = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    conferencing = { role = "conferencing", site = "headquarters", sip = "tls:5063" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },
    carol = { role = "client", site = "headquarters", home = "pool", number = "+14255550103" },
  },

  trunks = {
    { "mediation", "gateway", transport = "tcp", bypass = true },
    { "gateway",   "pstn",    kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  dial_plan = {
    { to = [[^(\d{3})$]],   becomes = "+14255550$1" },  -- a colleague's extension
    { to = [[^9(\d{10})$]], becomes = "+1$1" },         -- 9 for an outside line
  },

  routes = {
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },

    { at = "mediation", from = "pool",    to = [[^\+]], via = "gateway" },
    { at = "mediation", from = "gateway", to = [[^\+]], via = "pool" },

    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway",   from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+142555501\d\d$]], via = "gateway" },
  },

  traffic = {
    ev = { users = 100 },
  },

  variants = {
    bypass_on  = {},
    bypass_off = { bypass = { enabled = false } },
    -- Conferences take part in bypass, which is no default: the conferencing server counts as a client.
    conferences_too = { bypass = { conferences = true } },
  },
}
