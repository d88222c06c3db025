--- VoIP only with a small gateway for what has no IP: an analogue telephone in the lobby, and a fax
--- machine.
---
--- The analogue gateway is a peer of the Mediation Server like any other; nobody behind it registers.
--- A fax from the PSTN goes back to the gateway that it came in by, which hands it to the analogue
--- gateway: its signalling crosses the Mediation Server twice, its tones never.
---
---   alice, bob -- pool -- mediation -- gateway -- pstn
---                              |          |
---                            analogue_gateway -- lobby, fax
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment", the note on fax machines and analog devices.
local park <const> = { role = "call_park", site = "datacentre", sip = "tls:5075" }
local orbits <const> = {
  { at = "mediation", to = [[^700\d$]], via = "pool" },
  { at = "analogue_gateway", to = [[^700\d$]], via = "mediation" },
}

return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- Clients and both gateways share a bypass ID.
  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",   sip = { "tls:5070", "tcp:5068" } },
    gateway   = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" },
                  t38 = true },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    analogue_gateway = { role = "analogue_gateway", site = "headquarters",
                         sip = { "tcp:5066", "udp:5060" }, t38 = true },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },

    lobby = { role = "analogue_phone", site = "headquarters", home = "analogue_gateway",
              number = "+14255550301" },
    fax   = { role = "fax", site = "headquarters", home = "analogue_gateway",
              number = "+14255550311" },
  },

  trunks = {
    { "mediation", "gateway",          transport = "tcp", bypass = true },
    { "mediation", "analogue_gateway", transport = "tcp", bypass = true },
    { "gateway",   "analogue_gateway", transport = "tcp" },
    { "gateway",   "pstn",             kind = "tdm", channels = 23 },
  },

  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+1425555030\d$]], party = "analogue" },
    { to = [[^\+1425555031\d$]], party = "fax" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  dial_plan = {
    { to = [[^(\d{3})$]],   becomes = "+14255550$1" },
    { to = [[^9(\d{10})$]], becomes = "+1$1" },
  },

  -- First match wins. Every element looks among its own users before it looks here.
  routes = {
    { at = "pool",      to = [[^\+142555501\d\d$]], via = "nowhere" },  -- nobody has this number
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },

    { at = "mediation", from = "pool", to = [[^\+142555503\d\d$]], via = "analogue_gateway" },
    { at = "mediation", from = "pool", to = [[^\+]], via = "gateway" },
    { at = "mediation", to = [[^\+]], via = "pool" },

    { at = "gateway",   from = "mediation", to = [[^\+1425555031\d$]], via = "analogue_gateway" },
    { at = "gateway",   from = "mediation", to = [[^\+14255550\d\d\d$]], via = "nowhere" },
    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway",   from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "analogue_gateway", to = [[^9(\d{10})$]], becomes = "+1$1", via = "mediation" },
    { at = "analogue_gateway", to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+14255550[13]\d\d$]], via = "gateway" },
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on  = {},
    bypass_off = { bypass = { enabled = false } },
    -- Calls to which somebody is added move to the pool's conferencing server.
    conferencing = {
      nodes = { conferencing = { role = "conferencing", site = "headquarters", sip = "tls:5063" } },
    },
    -- Exchange UM takes the calls that users do not.
    voice_mail = {
      nodes      = { um = { role = "um", site = "headquarters", sip = "tls:5061" } },
      voice_mail = { servers = { "um" }, access = "+14255550190", attendant = "+14255550191" },
    },
    -- Alice may park calls, at the service's numbers, which any telephone may call.
    call_park = {
      nodes     = { park = park, alice = { parks = true } },
      call_park = { service = "park", orbits = { "7001", "7009" } },
      routes    = orbits,
    },
    -- The same, where the Mediation Server tells both ends of one another when it joins calls.
    call_park_third_party = {
      nodes     = { park = park, alice = { parks = true } },
      call_park = { service = "park", orbits = { "7001", "7009" } },
      trunks    = { { "mediation", "gateway", refer = false, third_party_refer = true,
                      rtcp_active = false, rtcp_on_hold = false } },
      routes    = orbits,
    },
    -- The same, and her own calls go to her mobile telephone; a parked call waits for ten seconds.
    call_park_forwarded = {
      nodes     = { park = park, alice = { parks = true, forward = "+12065550142" } },
      call_park = { service = "park", orbits = { "*701", "*702" }, rings_back = 10 },
    },
    -- The gateway that is called refuses fax packets: fax goes as audio.
    audio_only = { nodes = { gateway = { t38 = false } } },
    -- A machine is called that no gateway makes packets for.
    no_t38     = { nodes = { gateway = { t38 = false }, analogue_gateway = { t38 = false } } },
  },
}
