--- VoIP only with a branch office: pool and Mediation Server stand at the central site and serve the
--- branch too, over a link with little bandwidth. The branch has a gateway of its own, so that audio
--- with the PSTN need not cross that link. A campus close by has none, and needs none.
---
---   alice (central), carl (campus) -- pool -- mediation -- gateway ------- pstn
---   bella (branch) -------------------/              \---- gateway_branch --/
---
--- Source: "Plan for media bypass", sites and regions; "Direct SIP deployment options in Lync Server
--- 2013", section "Lync Server VoIP-Only Deployment".
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- Bypass IDs follow: one for the region, and one of its own for the branch.
  regions = {
    west = { central = "central" },
  },
  sites = {
    central       = { net = "127.0.10.0/24", region = "west" },
    campus        = { net = "127.0.12.0/24", region = "west" },
    branch        = { net = "127.0.20.0/24", region = "west", constrained = true },
    meeting_rooms = { net = "127.0.25.0/24" },  -- nobody has told which site this is
    carrier       = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool           = { role = "pool",      site = "central", sip = "tls:5061" },
    mediation      = { role = "mediation", site = "central", sip = { "tls:5070", "tcp:5068" } },
    gateway        = { role = "gateway",   site = "central", sip = { "tcp:5066", "udp:5060" } },
    gateway_branch = { role = "gateway",   site = "branch",  sip = { "tcp:5066", "udp:5060" } },
    pstn           = { role = "pstn",      site = "carrier", sip = "udp:5060",
                       number = "+12065550199" },

    alice = { role = "client", site = "central", home = "pool", number = "+14255550101" },
    bella = { role = "client", site = "branch",  home = "pool", number = "+15095550101" },
    carl  = { role = "client", site = "campus",  home = "pool", number = "+14255550102" },
  },

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

  -- First match wins. Every element looks among its own users before it looks here.
  routes = {
    { at = "pool", from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool", to = [[^\+1206\d{7}$]], via = "mediation" },

    -- Calls of the branch leave by its own gateway, and by the central one where that is gone.
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
    -- The branch has no gateway to use: its calls leave where everybody's do.
    central_gateway = {
      routes = {
        { at = "mediation", from = "pool", site = "branch", to = [[^\+]], via = "gateway" },
      },
    },

    -- Alice has taken her computer to a net that no site has.
    undefined_site = {
      nodes = { alice = { site = "meeting_rooms" } },
    },

    -- So has the gateway, and such nets have one ID in common (EnableDefaultBypassID).
    default_bypass_id = {
      bypass = { default = "c2a4e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e81" },
      nodes  = { alice = { site = "meeting_rooms" }, gateway = { site = "meeting_rooms" } },
    },

    -- Alice has a client older than Lync 2010.
    communicator = {
      nodes = { alice = { device = "communicator" } },
    },
  },
}
