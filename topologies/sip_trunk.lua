--- A SIP trunk to a carrier: no gateway and no PBX. Calls to and from the PSTN cross a private network
--- to the carrier's session border controller, over plain TCP and with G.711.
---
---   alice, bob -- pool -- mediation -- sbc -- pstn
---
--- Bypass is off on the trunk, as most carriers take audio from the Mediation Server only; bypass_on
--- has a controller that takes it from clients.
---
--- Source: "SIP trunking in Lync Server 2013"; "Configure a trunk with media bypass in Lync Server
--- 2013".
return {
  option = "sip_trunk",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- Clients and the carrier's controller share a bypass ID, for where the trunk permits bypass.
  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    carrier_edge = { net = "127.0.50.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    far_edge     = { net = "127.0.55.0/24", bypass_id = "8d3c6b1e-04a9-4c2f-b7d5-91e0a6f3c821" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",
                  sip = { "tls:5070", "tcp:5068", "tls:5067" } },
    sbc       = { role = "sbc",       site = "carrier_edge",
                  sip = { "tcp:5066", "tls:5067", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102",
              device = "lync_phone" },
  },

  trunks = {
    { "mediation", "sbc",  transport = "tcp" },
    { "sbc",       "pstn", kind = "tdm", channels = 30 },  -- calls that the carrier admits
  },

  -- The enterprise's numbers, given to somebody or not, and those in service in the PSTN.
  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+12065550[1-9]\d\d$]], party = "pstn" },
  },

  -- What Enterprise Voice users may dial, and the number they mean.
  dial_plan = {
    { to = [[^(\d{3})$]],   becomes = "+14255550$1" },  -- a colleague's extension
    { to = [[^9(\d{10})$]], becomes = "+1$1" },         -- 9 for an outside line
    { to = [[^(\d{10})$]],  becomes = "+1$1" },
    { to = [[^011(\d+)$]],  becomes = "+$1" },          -- abroad
  },

  -- First match wins. Every element looks among its own users before it looks here.
  routes = {
    { at = "pool",      to = [[^\+142555501\d\d$]], via = "nowhere" },  -- nobody has this number
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },  -- North America only

    { at = "mediation", from = "pool", to = [[^\+]], via = "sbc" },
    { at = "mediation", from = "sbc",  to = [[^\+]], via = "pool" },

    { at = "sbc",       from = "mediation", to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "sbc",       from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "sbc",       from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+142555501\d\d$]], via = "sbc" },
  },

  -- The busy hour, for directsip plan.
  traffic = {
    ev = { users = 100 },  -- 0.1 erlang each, half of it with the PSTN
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on        = { trunks = { { "mediation", "sbc", bypass = true } } },
    bypass_off       = { bypass = { enabled = false } },
    trunk_bypass_off = {},
    -- The bypass IDs differ.
    other_site       = {
      trunks = { { "mediation", "sbc", bypass = true } },
      nodes  = { sbc = { site = "far_edge" } },
    },
    tls_trunk        = { trunks = { { "mediation", "sbc", transport = "tls", bypass = true } } },

    -- Calls to which somebody is added move to the pool's conferencing server.
    conferencing = {
      nodes = { conferencing = { role = "conferencing", site = "headquarters", sip = "tls:5063" } },
      trunks = { { "mediation", "sbc", bypass = true } },
    },
    -- One ID everywhere: it stands in for the IDs of the sites, which differ here.
    always_bypass = {
      bypass = { always = "c2a4e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e81" },
      trunks = { { "mediation", "sbc", bypass = true } },
      nodes  = { sbc = { site = "far_edge" } },
    },
  },
}
