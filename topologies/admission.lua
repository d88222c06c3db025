--- VoIP only with a branch office behind a link that holds one call. Call admission control watches
--- over it: a second call between the sites goes over the Internet where each has an Edge (variant
--- internet), else over the PSTN, else to voice mail, or is refused.
--- The branch's own calls to the PSTN bypass the Mediation Server, and need nothing of the link.
---
---   alice, carl, dora (central) -- pool -- mediation -- gateway --------- pstn
---   bella, bruno (branch) ----------/             \---- gateway_branch --/
---
--- Source: "Plan for call admission control in Skype for Business Server"; "Call admission control and
--- Mediation Server in Lync Server 2013".
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  regions = {
    west = { central = "central" },
  },
  sites = {
    central = { net = "127.0.10.0/24", region = "west" },
    branch  = { net = "127.0.20.0/24", region = "west", constrained = true },
    carrier = { net = "127.0.40.0/24" },
  },

  -- In kbit/s, one way. A call takes 102 of them.
  admission = {
    enabled = true,
    links = { { "branch", "central", audio = 150, session = 110 } },
  },

  nodes = {
    pool           = { role = "pool",      site = "central", sip = "tls:5061" },
    mediation      = { role = "mediation", site = "central", sip = { "tls:5070", "tcp:5068" } },
    gateway        = { role = "gateway",   site = "central", sip = { "tcp:5066", "udp:5060" } },
    gateway_branch = { role = "gateway",   site = "branch",  sip = { "tcp:5066", "udp:5060" } },
    um             = { role = "um",        site = "central", sip = "tls:5061" },
    pstn           = { role = "pstn",      site = "carrier", sip = "udp:5060",
                       number = "+12065550199" },

    alice = { role = "client", site = "central", home = "pool", number = "+14255550101" },
    carl  = { role = "client", site = "central", home = "pool", number = "+14255550102",
              pstn_reroute = false },
    dora  = { role = "client", site = "central", home = "pool", number = "+14255550103" },
    bella = { role = "client", site = "branch",  home = "pool", number = "+15095550121" },
    bruno = { role = "client", site = "branch",  home = "pool", number = "+15095550122",
              voice_mail = false },
  },

  voice_mail = { servers = { "um" } },

  trunks = {
    { "mediation",      "gateway",        transport = "tcp", bypass = true },
    { "mediation",      "gateway_branch", transport = "tcp", bypass = true },
    { "gateway",        "pstn",           kind = "tdm", channels = 23 },
    { "gateway_branch", "pstn",           kind = "tdm", channels = 8 },
  },

  ranges = {
    { to = [[^\+1(425|509)55501\d\d$]], party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  routes = {
    { at = "pool", from = "mediation", to = [[^\+]], via = "nowhere" },
    -- Users' own numbers, too: a call that has no bandwidth leaves for them by a trunk.
    { at = "pool", to = [[^\+1(206|425|509)\d{7}$]], via = "mediation" },

    { at = "mediation", from = "pool", site = "branch", to = [[^\+]],
      via = { "gateway_branch", "gateway" } },
    { at = "mediation", from = "pool", to = [[^\+]], via = "gateway" },
    { at = "mediation", to = [[^\+]], via = "pool" },

    { at = "gateway",        from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway",        from = "pstn",      to = [[^\+]], via = "mediation" },
    { at = "gateway_branch", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_branch", from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn", to = [[^\+142555501\d\d$]], via = "gateway" },
    { at = "pstn", to = [[^\+150955501\d\d$]], via = "gateway_branch" },
  },

  variants = {
    -- The branch's calls with the PSTN take the gateway of the central site, over the link.
    central_gateway = {
      routes = {
        { at = "mediation", from = "pool", site = "branch", to = [[^\+]], via = "gateway" },
        { at = "pstn", to = [[^\+150955501\d\d$]], via = "gateway" },
      },
    },

    -- All audio passes the Mediation Server, that of the branch's calls over the link, twice.
    bypass_off = {
      bypass = { enabled = false },
    },

    -- Each site has an Edge, and calls go over the Internet between them before anything else is tried.
    internet = {
      admission = { internet = true },
      sites = { internet = { net = "127.0.90.0/24", external = true } },
      nodes = {
        edge        = { role = "edge", site = "central", sip = "tls:5061", home = "pool",
                        av = "127.0.90.30", credentials = "anybody:correct horse" },
        edge_branch = { role = "edge", site = "branch",  sip = "tls:5061", home = "pool",
                        av = "127.0.90.31", credentials = "anybody:battery staple" },
      },
    },

    -- Nobody's calls go over the PSTN for want of bandwidth.
    no_reroute = {
      nodes = { alice = { pstn_reroute = false }, dora = { pstn_reroute = false },
                bella = { pstn_reroute = false }, bruno = { pstn_reroute = false } },
    },
  },
}
