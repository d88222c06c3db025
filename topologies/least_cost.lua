--- Calls to the PSTN leave by the gateway that is cheapest for them, those of PBX users too.
---
--- Enterprise Voice in front of the PBX, at two sites with a gateway each. The pool picks usage,
--- route and trunk: a user's voice policy lists usages, a route is for some of them, and leads to
--- trunks in the order of their cost. What is full, silent or down is passed over for the next. PBX
--- users' calls cross Lync Server (inter-trunk routing) by the usages of the trunk they come in by.
---
---   alice, bob -- pool -- mediation -- gateway_west -- pstn
---                              |            |
---                              |           pbx -- carol, dave
---                              |
---                              \------ gateway_east -- pstn
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Enterprise Voice in Front
--- of the PBX"; outbound routing as in "Voice Policies, PSTN Usages and Routes".
return {
  option = "in_front_of_pbx",
  domain = "contoso.example",

  sites = {
    datacentre = { net = "127.0.1.0/24" },
    west       = { net = "127.0.10.0/24" },
    east       = { net = "127.0.20.0/24" },
    pbx_room   = { net = "127.0.30.0/24" },
    carrier    = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool         = { role = "pool",      site = "datacentre", sip = "tls:5061" },
    mediation    = { role = "mediation", site = "datacentre", sip = { "tls:5070", "tcp:5068" } },
    gateway_west = { role = "gateway",   site = "west",       sip = { "tcp:5066", "udp:5060" } },
    gateway_east = { role = "gateway",   site = "east",       sip = { "tcp:5066", "udp:5060" } },
    pbx          = { role = "pbx",       site = "pbx_room",   sip = "udp:5060" },
    pstn         = { role = "pstn",      site = "carrier",    sip = "udp:5060",
                     number = "+12065550199" },

    alice = { role = "client", site = "west",     home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "east",     home = "pool", number = "+14255550102",
              voice_policy = { "internal", "local_calls" } },
    carol = { role = "phone",  site = "pbx_room", home = "pbx",  number = "+14255550201",
              extension = "201" },
    dave  = { role = "phone",  site = "pbx_room", home = "pbx",  number = "+14255550202",
              extension = "202" },
  },

  trunks = {
    { "mediation",    "gateway_west", transport = "tcp",
      usages = { "local_calls", "long_distance" } },  -- of PBX users, who come in by it
    { "mediation",    "gateway_east", transport = "tcp" },
    { "gateway_west", "pbx",          kind = "tdm", channels = 23 },
    { "gateway_west", "pstn",         kind = "tdm", channels = 23 },
    { "gateway_east", "pstn",         kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+142555502\d\d$]], party = "pbx" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },  -- near gateway_west
    { to = [[^\+12125550[1-9]\d\d$]], party = "pstn" },  -- near gateway_east
  },

  -- What users may do whose node says nothing else.
  voice_policy = { "internal", "local_calls", "long_distance" },

  routes = {
    { at = "pool", usages = { "internal" },      to = [[^\+142555502\d\d$]],
      via = "gateway_west" },
    { at = "pool", usages = { "local_calls" },   to = [[^\+1206\d{7}$]],
      via = "gateway_west" },
    { at = "pool", usages = { "long_distance" }, to = [[^\+1\d{10}$]],
      via = { "gateway_east", "gateway_west" } },

    { at = "mediation", to = [[^\+]], via = "pool" },

    { at = "gateway_west", from = "mediation", to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "gateway_west", from = "pbx",       to = [[^\+142555502\d\d$]], via = "nowhere" },
    { at = "gateway_west", from = "pbx",       to = [[^\+]], via = "mediation" },
    { at = "gateway_west", to = [[^\+142555501\d\d$]], via = "mediation" },
    { at = "gateway_west", to = [[^\+142555502\d\d$]], via = "pbx" },
    { at = "gateway_west", from = "mediation", to = [[^\+]], via = "pstn" },

    { at = "gateway_east", from = "mediation", to = [[^\+14255550[12]\d\d$]], via = "nowhere" },
    { at = "gateway_east", from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway_east", from = "pstn",      to = [[^\+142555501\d\d$]], via = "mediation" },

    { at = "pbx", from = "gateway_west", to = [[^\+]], via = "nowhere" },
    { at = "pbx", to = [[^\+142555502\d\d$]], via = "nowhere" },
    { at = "pbx", to = [[^(1\d\d)$]], becomes = "+14255550$1", via = "gateway_west" },
    { at = "pbx", to = [[^9(\d{10})$]], becomes = "+1$1", via = "gateway_west" },
    { at = "pbx", to = [[^\+]], via = "gateway_west" },

    { at = "pstn", to = [[^\+14255550[12]\d\d$]], via = "gateway_west" },
  },

  -- Cents. Each gateway is cheap for what is near it.
  rates = {
    { by = "gateway_west", to = [[^\+1206\d{7}$]], per_minute = 1 },
    { by = "gateway_west", to = [[^\+1212\d{7}$]], per_minute = 6 },
    { by = "gateway_east", to = [[^\+1206\d{7}$]], per_minute = 6 },
    { by = "gateway_east", to = [[^\+1212\d{7}$]], per_minute = 1 },
  },

  traffic = {
    ev  = { users = 100 },
    pbx = { users = 100 },
  },

  variants = {
    -- One circuit each: a gateway is full with one call.
    one_channel = {
      trunks = {
        { "gateway_west", "pstn", channels = 1 },
        { "gateway_east", "pstn", channels = 1 },
      },
    },

    -- Bob may call Enterprise Voice users only.
    no_usages = { nodes = { bob = { voice_policy = {} } } },

    -- PBX users may not leave by Lync Server.
    no_inter_trunk = { trunks = { { "mediation", "gateway_west", usages = {} } } },

    -- gateway_west wants numbers as they are dialled there, and says busy and time-out where it has
    -- no circuit; gateway_east wants no +, and is shown the switchboard as the caller.
    translated = {
      trunks = {
        { "mediation", "gateway_west",
          called  = { { to = [[^\+(1\d{10})$]], becomes = "$1" } },
          calling = { { to = [[^\+1(\d{10})$]], becomes = "$1" } },
          codes   = { { status = 408, becomes = 503 },
                      { status = 486, cause = 34, becomes = 503 } } },
        { "mediation", "gateway_east", remove_plus = true, forward_pai = true },
      },
      routes = {
        { at = "pool", usages = { "long_distance" }, to = [[^\+1212\d{7}$]],
          caller = "+14255550100", via = { "gateway_east", "gateway_west" } },
      },
    },
  },
}
