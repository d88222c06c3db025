--- Location-based routing: calls with the PSTN stay where their user is, so that none crosses the
--- country past the carrier (toll bypass).
---
--- VoIP only, at two sites with a gateway each. Who may call is a matter of the user's voice policy;
--- by which gateway is one of the site where the call is made. What comes in by a site's gateway
--- rings at that site only, and goes to voice mail where the user is elsewhere. gateway_main is open
--- to everybody, and the way out for those of whom nobody knows where they are.
---
---   alice (west) --------- pool -- mediation -- gateway_west ---- pstn
---   bob (east), lena (lab) --/              |-- gateway_east ------/
---   rita (home) -- edge ----/               \-- gateway_main ------/
---
--- Source: "Plan for Location-Based Routing in Skype for Business"; "Direct SIP deployment options in
--- Lync Server 2013", section "Lync Server VoIP-Only Deployment".
return {
  option = "voip_only",
  domain = "contoso.example",

  sites = {
    datacentre = { net = "127.0.1.0/24" },
    west       = { net = "127.0.10.0/24", voice_routing_policy = { "out_west" } },
    east       = { net = "127.0.20.0/24", voice_routing_policy = { "out_east" } },
    lab        = { net = "127.0.25.0/24" },  -- inside, and calls from here are nobody's concern
    carrier    = { net = "127.0.40.0/24" },
    internet   = { net = "127.0.90.0/24", external = true },
  },

  nodes = {
    pool         = { role = "pool",      site = "datacentre", sip = "tls:5061" },
    edge         = { role = "edge",      site = "datacentre", sip = "tls:5061", home = "pool" },
    mediation    = { role = "mediation", site = "datacentre", sip = { "tls:5070", "tcp:5068" } },
    um           = { role = "um",        site = "datacentre", sip = "tls:5061" },
    gateway_west = { role = "gateway",   site = "west",       sip = { "tcp:5066", "udp:5060" } },
    gateway_east = { role = "gateway",   site = "east",       sip = { "tcp:5066", "udp:5060" } },
    gateway_main = { role = "gateway",   site = "datacentre", sip = { "tcp:5066", "udp:5060" } },
    pstn         = { role = "pstn",      site = "carrier",    sip = "udp:5060",
                     number = "+12065550199" },

    alice = { role = "client", site = "west",     home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "east",     home = "pool", number = "+15095550101",
              voice_policy = { "local_calls" }, voice_mail = false },
    lena  = { role = "client", site = "lab",      home = "pool", number = "+13605550101" },
    rita  = { role = "client", site = "internet", home = "edge", number = "+13605550102" },

    -- Where alice and bob may be when they are not at their desks, and what alice has at home.
    alice_east = { role = "client", site = "east",     home = "pool", user = "alice", away = true },
    bob_west   = { role = "client", site = "west",     home = "pool", user = "bob",   away = true },
    alice_home = { role = "client", site = "internet", home = "edge", user = "alice" },
  },

  voice_mail = { servers = { "um" } },

  trunks = {
    { "mediation",    "gateway_west", transport = "tcp", restricted_to = "west" },
    { "mediation",    "gateway_east", transport = "tcp", restricted_to = "east" },
    { "mediation",    "gateway_main", transport = "tcp" },
    { "gateway_west", "pstn",         kind = "tdm", channels = 23 },
    { "gateway_east", "pstn",         kind = "tdm", channels = 23 },
    { "gateway_main", "pstn",         kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+1(425|509|360)55501\d\d$]], party = "ev" },
    { to = [[^\+1(206|212)5550[1-9]\d\d$]], party = "pstn" },
  },

  -- What users may do whose node says nothing else.
  voice_policy = { "local_calls", "long_distance" },

  routes = {
    -- For users: where a site has a policy, these only say whether the call may be made.
    { at = "pool", usages = { "local_calls" },   to = [[^\+1206\d{7}$]],
      via = { "gateway_west", "gateway_main" } },
    { at = "pool", usages = { "long_distance" }, to = [[^\+1\d{10}$]],
      via = { "gateway_east", "gateway_main" } },

    -- For sites.
    { at = "pool", usages = { "out_west" }, to = [[^\+1\d{10}$]], via = "gateway_west" },
    { at = "pool", usages = { "out_east" }, to = [[^\+1\d{10}$]], via = "gateway_east" },

    { at = "mediation", to = [[^\+]], via = "pool" },

    { at = "gateway_west", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_west", from = "pstn",      to = [[^\+]], via = "mediation" },
    { at = "gateway_east", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_east", from = "pstn",      to = [[^\+]], via = "mediation" },
    { at = "gateway_main", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_main", from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn", to = [[^\+142555501\d\d$]], via = "gateway_west" },
    { at = "pstn", to = [[^\+150955501\d\d$]], via = "gateway_east" },
    { at = "pstn", to = [[^\+136055501\d\d$]], via = "gateway_main" },
  },

  variants = {
    as_written = {},

    -- Calls whose callers give up are noted.
    missed_calls = { voice_mail = { missed_calls = true } },

    -- No gateway is open to everybody: whose site has no policy calls nobody outside.
    all_restricted = {
      trunks = { { "mediation", "gateway_main", restricted_to = "datacentre" } },
    },

    -- Bob has a desk at the other site, and kept his number.
    desk_moved = { nodes = { bob = { site = "west" } } },

    -- gateway_west calls nobody because it is asked to: the Mediation Server does.
    no_refer = { trunks = { { "mediation", "gateway_west", refer = false } } },

    -- Alice has all calls sent on to her mobile, or it rings along.
    to_mobile = { nodes = { alice = { forward = "+12065550123" } } },
    ring_also = { nodes = { alice = { ring_also = "+12065550123" } } },
  },
}
