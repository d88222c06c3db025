--- A certified Direct SIP partner: the PBX speaks SIP over IP well enough to be joined to the
--- Mediation Server itself, so no gateway stands between the two.
---
--- Calls go as they do behind the PBX, one hop shorter: every call from the PSTN lands on the PBX,
--- which sends those for Enterprise Voice users straight to the Mediation Server. With media bypass
--- the client's audio goes to the PBX.
---
---   alice, bob -- pool -- mediation -- pbx -- pstn
---                                       |
---                                  carol, dave
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Incremental Deployment",
--- the note on certified Direct SIP partners.
return {
  option = "direct_sip_partner",
  domain = "contoso.example",
  bypass = { enabled = true },

  -- Clients and PBX share a bypass ID: their audio may flow past the Mediation Server.
  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    pbx_room     = { net = "127.0.30.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    annex        = { net = "127.0.35.0/24", bypass_id = "8d3c6b1e-04a9-4c2f-b7d5-91e0a6f3c821" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",
                  sip = { "tls:5070", "tcp:5068", "tls:5067" } },
    pbx       = { role = "pbx",       site = "pbx_room",
                  sip = { "tcp:5066", "tls:5067", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102",
              device = "lync_phone" },
    carol = { role = "phone",  site = "pbx_room",     home = "pbx",  number = "+14255550201",
              extension = "201" },
    dave  = { role = "phone",  site = "pbx_room",     home = "pbx",  number = "+14255550202",
              extension = "202", device = "earlier" },
  },

  trunks = {
    { "mediation", "pbx",  transport = "tcp", bypass = true },
    { "pbx",       "pstn", kind = "tdm", channels = 23 },
  },

  -- The enterprise's numbers, given to somebody or not, and those in service in the PSTN.
  ranges = {
    { to = [[^\+142555501\d\d$]], party = "ev" },
    { to = [[^\+142555502\d\d$]], party = "pbx" },
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

    { at = "mediation", from = "pool", to = [[^\+]], via = "pbx" },
    { at = "mediation", from = "pbx",  to = [[^\+]], via = "pool" },

    { at = "pbx",       from = "mediation", to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "pbx",       to = [[^\+142555501\d\d$]], via = "mediation" },
    { at = "pbx",       to = [[^(1\d\d)$]], becomes = "+14255550$1", via = "mediation" },
    { at = "pbx",       to = [[^\+142555502\d\d$]], via = "nowhere" },
    { at = "pbx",       from = "pstn", to = [[^\+]], via = "nowhere" },
    { at = "pbx",       to = [[^9(\d{10})$]], becomes = "+1$1", via = "pstn" },
    { at = "pbx",       to = [[^\+]], via = "pstn" },

    { at = "pstn",      to = [[^\+14255550[12]\d\d$]], via = "pbx" },
  },

  -- The busy hour, for directsip plan.
  traffic = {
    ev  = { users = 100 },  -- 0.1 erlang each, half of it with the PSTN
    pbx = { users = 100 },
  },

  -- Each is laid over all of the above.
  variants = {
    bypass_on        = {},
    bypass_off       = { bypass = { enabled = false } },
    other_site       = { nodes  = { pbx = { site = "annex" } } },  -- the bypass IDs differ
    tls_trunk        = { trunks = { { "mediation", "pbx", transport = "tls" } } },
    trunk_bypass_off = { trunks = { { "mediation", "pbx", bypass = false } } },

    -- The PBX takes no REFER: the Mediation Server transfers calls itself, by joining two legs or, as
    -- a third party, by telling both ends of one another.
    no_refer = {
      trunks = { { "mediation", "pbx", refer = false, rtcp_active = false,
                   rtcp_on_hold = false } },
    },
    no_refer_bypass_off = {
      bypass = { enabled = false },
      trunks = { { "mediation", "pbx", refer = false, rtcp_active = false,
                   rtcp_on_hold = false } },
    },
    third_party = {
      trunks = { { "mediation", "pbx", refer = false, third_party_refer = true,
                   rtcp_active = false, rtcp_on_hold = false } },
    },
    -- Calls to which somebody is added move to the pool's conferencing server.
    conferencing = {
      nodes = { conferencing = { role = "conferencing", site = "headquarters", sip = "tls:5063" } },
    },
    -- Alice sends her calls on to her mobile telephone, and Bob his to a colleague at the PBX.
    forwarded = {
      nodes = { alice = { forward = "+12065550142" }, bob = { forward = "+14255550201" } },
    },
    -- Alice's mobile telephone rings along with her computer.
    ring_also = { nodes = { alice = { ring_also = "+12065550142" } } },
    -- What comes in by the pbx and goes out by it has no audio at the Mediation Server.
    hairpin = {
      nodes = { alice = { forward = "+12065550142" }, bob = { forward = "+14255550201" },
                pbx = { alternate_bypass_id = "b3e1d0c2-5a47-4f89-9c6e-7d2f1a0b8e35" } },
    },
    -- The PBX stands in the annex, and its media processor, which all audio crosses, does not
    -- (RepresentativeMediaIP): where the processor is decides on bypass.
    media_processor = {
      nodes = { pbx = { site = "annex", media_at = "127.0.10.240" } },
    },
    media_processor_in_annex = {
      nodes = { pbx = { media_at = "127.0.35.240" } },
    },
    -- Exchange UM takes the calls that users do not.
    voice_mail = {
      nodes      = { um = { role = "um", site = "headquarters", sip = "tls:5061" } },
      voice_mail = { servers = { "um" }, access = "+14255550190", attendant = "+14255550191" },
    },

    -- One ID everywhere: it stands in for the IDs of the sites, which differ here.
    always_bypass = {
      bypass = { always = "c2a4e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e81" },
      nodes  = { pbx = { site = "annex" } },
    },
  },
}
