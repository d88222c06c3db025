--- A Direct SIP partner beside a gateway of Lync Server's own: the place where a call can take the wrong one.
return {
  option = "direct_sip_partner",
  domain = "contoso.example",
  bypass = { enabled = true },

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre", sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre", sip = { "tls:5070", "tcp:5068" } },
    gateway   = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    pbx       = { role = "pbx",       site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier", sip = "udp:5060", number = "+12065550199" },
    alice     = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    carol     = { role = "phone",  site = "headquarters", home = "pbx",  number = "+14255550201" },
  },

  trunks = {
    { "mediation", "pbx",     transport = "tcp", bypass = true },
    { "mediation", "gateway", transport = "tcp", bypass = true },
    { "pbx",       "pstn",    kind = "tdm" },
    { "gateway",   "pstn",    kind = "tdm" },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+142555502\d\d$]], party = "pbx" },
  },

  routes = {
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },
    { at = "mediation", from = "pool", to = [[^\+]], via = "pbx" },
    { at = "mediation", to = [[^\+]], via = "pool" },
    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "pbx",       to = [[^\+142555501\d\d$]], via = "mediation" },
    { at = "pbx",       to = [[^\+]], via = "pstn" },
    { at = "pstn",      to = [[^\+]], via = "pbx" },
  },
}
