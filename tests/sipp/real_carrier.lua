--- A VoIP-only site whose carrier is SIPp: whatever stands at the carrier's address is no part of
--- the harness.
---
---   alice, bob -- pool -- mediation -- gateway -- pstn (SIPp)
---
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",   sip = { "tls:5070", "tcp:5068" } },
    gateway   = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199", real = true },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },
  },

  trunks = {
    { "mediation", "gateway", transport = "tcp", bypass = true },
    { "gateway",   "pstn",    kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]],      party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]],  party = "pstn" },
  },

  dial_plan = {},

  routes = {
    { at = "pool",      to = [[^\+142555501\d\d$]], via = "nowhere" },  -- nobody has this number
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },

    { at = "mediation", from = "pool",    to = [[^\+]], via = "gateway" },
    { at = "mediation", from = "gateway", to = [[^\+]], via = "pool" },

    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway",   from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+142555501\d\d$]], via = "gateway" },
  },

  variants = {},
}
