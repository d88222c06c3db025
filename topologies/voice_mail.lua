--- VoIP only, with voice mail: Exchange UM answers for users who do not, lets them hear their messages,
--- and has an auto attendant for everybody. Two servers; the second is called when the first fails.
---
---   alice, bob -- pool -- mediation -- gateway -- pstn
---                  |
---               um_a, um_b
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment".
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- The UM servers stand where the gateway does. Their audio with it passes the Mediation Server all
  -- the same.
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

    um_a = { role = "um", site = "headquarters", sip = "tls:5061" },
    um_b = { role = "um", site = "headquarters", sip = "tcp:5060" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101",
              rings = 2 },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },
    -- Carol wants no voice mail.
    carol = { role = "client", site = "headquarters", home = "pool", number = "+14255550103",
              voice_mail = false },
  },

  voice_mail = {
    servers = { "um_a", "um_b" }, access = "+14255550190", attendant = "+14255550191",
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
    -- Clients have themselves told of new messages.
    message_waiting = { voice_mail = { notices = true } },
    -- They get a note of calls whose callers gave up.
    missed_calls = { voice_mail = { missed_calls = true } },
  },
}
