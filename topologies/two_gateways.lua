--- VoIP only with a gateway to spare: calls to the PSTN leave by gateway_a, and by gateway_b when
--- gateway_a is full, silent or down.
---
---   alice, bob -- pool -- mediation -- gateway_a -- pstn
---                                 \--- gateway_b --/
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment"; failover as in Set-CsTrunkConfiguration.
return {
  option = "voip_only",
  domain = "contoso.example",

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",   sip = { "tls:5070", "tcp:5068" } },
    gateway_a = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    gateway_b = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },
  },

  trunks = {
    { "mediation", "gateway_a", transport = "tcp" },
    { "mediation", "gateway_b", transport = "tcp" },
    { "gateway_a", "pstn",      kind = "tdm", channels = 23 },
    { "gateway_b", "pstn",      kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  routes = {
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1206\d{7}$]], via = "mediation" },

    { at = "mediation", from = "pool", to = [[^\+]], via = { "gateway_a", "gateway_b" } },
    { at = "mediation", to = [[^\+]], via = "pool" },

    { at = "gateway_a", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_a", from = "pstn",      to = [[^\+]], via = "mediation" },
    { at = "gateway_b", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_b", from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+142555501\d\d$]], via = "gateway_a" },
  },

  variants = {
    -- gateway_a has one circuit and is full with one call.
    one_channel = {
      trunks = { { "gateway_a", "pstn", channels = 1 } },
    },

    -- Each gateway takes the numbers that are near it, and is there for the other's.
    by_number = {
      ranges = { { to = [[^\+12125550[1-9]\d\d$]], party = "pstn" } },
      routes = {
        { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
        { at = "pool",      to = [[^\+1212\d{7}$]], via = "mediation" },
        { at = "mediation", from = "pool", to = [[^\+1212]], via = { "gateway_b", "gateway_a" } },
      },
    },

    -- EnableFastFailoverTimer off: a silent gateway is waited for.
    patient = {
      trunks = {
        { "mediation", "gateway_a", fast_failover = false },
        { "mediation", "gateway_b", fast_failover = false },
      },
    },

    session_timer = {
      trunks = {
        { "mediation", "gateway_a", session_timer = true, rtcp_on_hold = false },
        { "mediation", "gateway_b", session_timer = true, rtcp_on_hold = false },
      },
    },
  },
}
