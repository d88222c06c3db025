--- Emergency calls leave by the gateway of the caller's site, and tell where the caller is.
---
--- VoIP only, at two sites with a gateway each. The location policy of a site says what is dialled
--- in an emergency there, and names the usage that picks the trunk, whatever the caller's own voice
--- policy admits. The client tells its place in the INVITE (PIDF-LO). gateway_west is an ELIN
--- gateway: it is shown the place, calls with the number of that, and hands over to the caller who
--- calls that number back. gateway_east has no use for locations, and is shown none.
---
---   alice, adam (west) -- pool -- mediation -- gateway_west -- pstn
---   bob (east) ----------/          \--------- gateway_east --/
---   rita (at home) -- edge -- pool
---
--- Source: "Plan for Emergency Services", "Manage ELIN gateways"; "Direct SIP deployment options in
--- Lync Server 2013", section "Lync Server VoIP-Only Deployment".
return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  location_policies = {
    west = { number = "+911", masks = { "9911", "112" }, usage = "emergency_west" },
    east = { number = "+911", masks = { "9911" },        usage = "emergency_east" },
  },

  sites = {
    datacentre = { net = "127.0.1.0/24" },
    west       = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10",
                   location_policy = "west", elin = "+14255550191",
                   address = { country = "US", city = "Redmond", street = "Main Street 1" } },
    east       = { net = "127.0.20.0/24", bypass_id = "8d3c6b1e-04a9-4c2f-b7d5-91e0a6f3c821",
                   location_policy = "east",
                   address = { country = "US", city = "Boston", street = "High Street 7" } },
    carrier    = { net = "127.0.40.0/24" },
    internet   = { net = "127.0.90.0/24", external = true,
                   -- What rita has written into her client.
                   address = { country = "US", city = "Seattle", street = "Lake Road 20" } },
  },

  nodes = {
    pool         = { role = "pool",      site = "datacentre", sip = "tls:5061" },
    edge         = { role = "edge",      site = "datacentre", sip = "tls:5061", home = "pool" },
    mediation    = { role = "mediation", site = "datacentre", sip = { "tls:5070", "tcp:5068" } },
    gateway_west = { role = "gateway",   site = "west",       sip = { "tcp:5066", "udp:5060" },
                     elin = true },
    gateway_east = { role = "gateway",   site = "east",       sip = { "tcp:5066", "udp:5060" } },
    pstn         = { role = "pstn",      site = "carrier",    sip = "udp:5060",
                     number = "+12065550199" },

    alice = { role = "client", site = "west",     home = "pool", number = "+14255550101" },
    adam  = { role = "client", site = "west",     home = "pool", number = "+14255550103",
              voice_policy = {} },  -- in the lobby: for emergencies, and for colleagues
    bob   = { role = "client", site = "east",     home = "pool", number = "+14255550102" },
    rita  = { role = "client", site = "internet", home = "edge", number = "+14255550104",
              location_policy = "west" },
  },

  trunks = {
    { "mediation",    "gateway_west", transport = "tcp", bypass = true, pidf_lo = true },
    { "mediation",    "gateway_east", transport = "tcp", bypass = true },
    { "gateway_west", "pstn",         kind = "tdm", channels = 23 },
    { "gateway_east", "pstn",         kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+14255550[12]\d\d$]], party = "ev" },
    { to = [[^\+911$]], party = "pstn" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  voice_policy = { "outside" },

  routes = {
    { at = "pool", usages = { "emergency_west" }, to = [[^\+911$]],
      via = { "gateway_west", "gateway_east" } },
    { at = "pool", usages = { "emergency_east" }, to = [[^\+911$]], via = "gateway_east" },
    { at = "pool", usages = { "out_west" }, to = [[^\+1\d{10}$]], via = "gateway_west" },
    { at = "pool", usages = { "outside" },  to = [[^\+1\d{10}$]],
      via = { "gateway_east", "gateway_west" } },

    { at = "mediation", to = [[^\+]], via = "pool" },

    { at = "gateway_west", from = "mediation", to = [[^\+14255550[12]\d\d$]], via = "nowhere" },
    { at = "gateway_west", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_west", from = "pstn",      to = [[^\+]], via = "mediation" },
    { at = "gateway_east", from = "mediation", to = [[^\+14255550[12]\d\d$]], via = "nowhere" },
    { at = "gateway_east", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_east", from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn", to = [[^\+14255550[12]\d\d$]], via = "gateway_west" },
  },

  variants = {
    -- The usage that the east has named has no route for its number.
    no_route = { location_policies = { east = { usage = "outside" } } },

    -- All other calls stay at the site where they are made.
    calls_stay = {
      sites  = { west = { voice_routing_policy = { "out_west" } },
                 east = { voice_routing_policy = { "outside" } } },
      trunks = { { "mediation", "gateway_west", restricted_to = "west" } },
    },

    -- One circuit in the west: while somebody is on it, the next one leaves by the east.
    one_channel = { trunks = { { "gateway_west", "pstn", channels = 1 } } },
  },
}
