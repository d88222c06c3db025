--- VoIP only with two Mediation Servers that stand for one: pool and gateway spread their calls over
--- both, and where one does not answer the other takes them all.
---
---   alice, bob -- pool -- mediation_a -- gateway -- pstn
---                    \--- mediation_b --/
---
--- Source: "M:N trunk" and "Direct SIP connections"; "Direct SIP deployment options in Lync Server
--- 2013", section "Lync Server VoIP-Only Deployment".
return {
  option = "voip_only",
  domain = "contoso.example",

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool        = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation_a = { role = "mediation", site = "datacentre",   sip = { "tls:5070", "tcp:5068" } },
    mediation_b = { role = "mediation", site = "datacentre",   sip = { "tls:5070", "tcp:5068" } },
    gateway     = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    pstn        = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                    number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },
  },

  -- One to each member, as few peers know how to find them by themselves.
  trunks = {
    { "mediation_a", "gateway", transport = "tcp" },
    { "mediation_b", "gateway", transport = "tcp" },
    { "gateway",     "pstn",    kind = "tdm", channels = 60 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  routes = {
    { at = "pool", from = "mediation_a", to = [[^\+]], via = "nowhere" },
    { at = "pool", from = "mediation_b", to = [[^\+]], via = "nowhere" },
    { at = "pool", to = [[^\+1206\d{7}$]], via = { "mediation_a", "mediation_b" }, spread = true },

    { at = "mediation_a", from = "pool", to = [[^\+]], via = "gateway" },
    { at = "mediation_a", to = [[^\+]], via = "pool" },
    { at = "mediation_b", from = "pool", to = [[^\+]], via = "gateway" },
    { at = "mediation_b", to = [[^\+]], via = "pool" },

    { at = "gateway", from = "pstn", to = [[^\+]], via = { "mediation_a", "mediation_b" },
      spread = true },
    { at = "gateway", to = [[^\+]], via = "pstn" },

    { at = "pstn", to = [[^\+142555501\d\d$]], via = "gateway" },
  },

  traffic = {
    ev = { users = 800 },
  },

  variants = {
    -- Alice's calls go to her mobile telephone, and the gateway is told that they were hers.
    to_mobile = {
      nodes  = { alice = { forward = "+12065550142" } },
      trunks = {
        { "mediation_a", "gateway", forward_history = true },
        { "mediation_b", "gateway", forward_history = true },
      },
    },
  },
}
