--- Location-based routing with a PBX: its telephones stand where they are, and its trunk says where.
---
--- In front of the PBX. The gateway of the PBX has no way of its own to the PSTN; calls of its users
--- cross Lync Server, and leave as those of colleagues do who are at the same site.
---
---   alice (west), bob (east) -- pool -- mediation -- gateway_west -- pstn
---                                         |  \------ gateway_main ----/
---                                     gateway_pbx -- pbx -- carol (west)
---
--- Source: "Plan for Location-Based Routing in Skype for Business"; "Direct SIP deployment options in
--- Lync Server 2013", section "Enterprise Voice in Front of the PBX".
return {
  option = "in_front_of_pbx",
  domain = "contoso.example",

  sites = {
    datacentre = { net = "127.0.1.0/24" },
    west       = { net = "127.0.10.0/24", voice_routing_policy = { "out_west" } },
    east       = { net = "127.0.20.0/24" },
    carrier    = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool         = { role = "pool",      site = "datacentre", sip = "tls:5061" },
    mediation    = { role = "mediation", site = "datacentre", sip = { "tls:5070", "tcp:5068" } },
    gateway_west = { role = "gateway",   site = "west",       sip = { "tcp:5066", "udp:5060" } },
    gateway_main = { role = "gateway",   site = "datacentre", sip = { "tcp:5066", "udp:5060" } },
    gateway_pbx  = { role = "gateway",   site = "west",       sip = { "tcp:5066", "udp:5060" } },
    pbx          = { role = "pbx",       site = "west",       sip = "udp:5060" },
    pstn         = { role = "pstn",      site = "carrier",    sip = "udp:5060",
                     number = "+12065550199" },

    alice = { role = "client", site = "west", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "east", home = "pool", number = "+14255550102" },
    carol = { role = "phone",  site = "west", home = "pbx",  number = "+14255550201",
              extension = "201" },
  },

  trunks = {
    { "mediation",    "gateway_west", transport = "tcp", restricted_to = "west" },
    { "mediation",    "gateway_main", transport = "tcp" },
    { "mediation",    "gateway_pbx",  transport = "tcp", users_at = "west",
      usages = { "outside" } },
    { "gateway_west", "pstn",         kind = "tdm", channels = 23 },
    { "gateway_main", "pstn",         kind = "tdm", channels = 23 },
    { "gateway_pbx",  "pbx",          kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+142555502\d\d$]], party = "pbx" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  voice_policy = { "inside", "outside" },

  routes = {
    { at = "pool", usages = { "inside" },   to = [[^\+142555502\d\d$]], via = "gateway_pbx" },
    { at = "pool", usages = { "outside" },  to = [[^\+1206\d{7}$]],
      via = { "gateway_main", "gateway_west" } },
    { at = "pool", usages = { "out_west" }, to = [[^\+1206\d{7}$]], via = "gateway_west" },
    { at = "pool", usages = { "out_west" }, to = [[^\+142555502\d\d$]], via = "gateway_pbx" },

    { at = "mediation", to = [[^\+]], via = "pool" },

    { at = "gateway_west", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_west", from = "pstn",      to = [[^\+]], via = "mediation" },
    { at = "gateway_main", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_main", from = "pstn",      to = [[^\+]], via = "mediation" },
    { at = "gateway_pbx",  from = "mediation", to = [[^\+]], via = "pbx" },
    { at = "gateway_pbx",  from = "pbx",       to = [[^\+]], via = "mediation" },

    { at = "pbx", to = [[^(1\d\d)$]], becomes = "+14255550$1", via = "gateway_pbx" },
    { at = "pbx", to = [[^9(\d{10})$]], becomes = "+1$1", via = "gateway_pbx" },
    { at = "pbx", from = "gateway_pbx", to = [[^\+]], via = "nowhere" },
    { at = "pbx", to = [[^\+]], via = "gateway_pbx" },

    { at = "pstn", to = [[^\+14255550101$]], via = "gateway_west" },
    { at = "pstn", to = [[^\+142555501\d\d$]], via = "gateway_main" },
  },

  variants = {
    as_written = {},

    -- The PBX stands at a site whose calls are nobody's concern.
    pbx_in_the_east = { trunks = { { "mediation", "gateway_pbx", users_at = "east" } } },

    -- So it does, and no gateway is open to all.
    all_restricted = {
      trunks = {
        { "mediation", "gateway_pbx", users_at = "east" },
        { "mediation", "gateway_main", restricted_to = "datacentre" },
      },
    },

    -- The other site has a PBX of its own, and a policy; calls between the two cross Lync Server.
    pbx_at_each_site = {
      sites = { east = { voice_routing_policy = { "out_east" } } },
      nodes = {
        gateway_pbx_east = { role = "gateway", site = "east", sip = { "tcp:5066", "udp:5060" } },
        pbx_east         = { role = "pbx",     site = "east", sip = "udp:5060" },
        dora = { role = "phone", site = "east", home = "pbx_east", number = "+14255550301",
                 extension = "301" },
      },
      trunks = {
        { "mediation", "gateway_pbx", usages = { "inside", "outside" } },
        { "mediation", "gateway_main", restricted_to = "datacentre" },
        { "mediation", "gateway_pbx_east", transport = "tcp", users_at = "east",
          usages = { "inside", "outside" } },
        { "gateway_pbx_east", "pbx_east", kind = "tdm", channels = 23 },
      },
      ranges = { { to = [[^\+142555503\d\d$]], party = "pbx" } },
      routes = {
        { at = "pool", usages = { "inside", "out_west", "out_east" }, to = [[^\+142555503\d\d$]],
          via = "gateway_pbx_east" },
        { at = "pool", usages = { "out_east" }, to = [[^\+142555502\d\d$]], via = "gateway_pbx" },
        { at = "pool", usages = { "out_east" }, to = [[^\+1206\d{7}$]], via = "gateway_main" },

        { at = "gateway_pbx_east", from = "mediation", to = [[^\+]], via = "pbx_east" },
        { at = "gateway_pbx_east", from = "pbx_east",  to = [[^\+]], via = "mediation" },

        { at = "pbx", to = [[^(3\d\d)$]], becomes = "+14255550$1", via = "gateway_pbx" },
        { at = "pbx_east", to = [[^(2\d\d)$]], becomes = "+14255550$1", via = "gateway_pbx_east" },
        { at = "pbx_east", from = "gateway_pbx_east", to = [[^\+]], via = "nowhere" },
        { at = "pbx_east", to = [[^\+]], via = "gateway_pbx_east" },
      },
    },
  },
}
