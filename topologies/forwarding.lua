--- VoIP only, with users who do not always take their calls at their desks.
---
---   alice, alice_desk, bob, carol -- pool -- mediation -- gateway -- pstn
---
--- A call from the PSTN that Alice forwards to her mobile telephone comes in by the gateway and goes
--- out by it. Alternate bypass IDs decide whether the Mediation Server has its audio then.
---
--- Source: "Direct SIP deployment options in Lync Server 2013", section "Lync Server VoIP-Only
--- Deployment"; the settings of users and trunks are those of "Set-CsVoicePolicy",
--- "Set-CsTrunkConfiguration" and "Set-CsPstnGateway".
local mobile <const> = "+12065550142"
local alternate <const> = "b3e1d0c2-5a47-4f89-9c6e-7d2f1a0b8e35"
local alice_to_mobile <const> = { alice = { forward = mobile } }
local alice_and_mobile <const> = { alice = { ring_also = mobile } }

return {
  option = "voip_only",
  domain = "contoso.example",
  bypass = { enabled = true },

  sites = {
    datacentre   = { net = "127.0.1.0/24" },
    headquarters = { net = "127.0.10.0/24", bypass_id = "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10" },
    branch       = { net = "127.0.20.0/24", bypass_id = "8d3c6b1e-04a9-4c2f-b7d5-91e0a6f3c821" },
    carrier      = { net = "127.0.40.0/24" },
  },

  nodes = {
    pool      = { role = "pool",      site = "datacentre",   sip = "tls:5061" },
    mediation = { role = "mediation", site = "datacentre",   sip = { "tls:5070", "tcp:5068" } },
    gateway   = { role = "gateway",   site = "headquarters", sip = { "tcp:5066", "udp:5060" } },
    pstn      = { role = "pstn",      site = "carrier",      sip = "udp:5060",
                  number = "+12065550199" },

    alice = { role = "client", site = "headquarters", home = "pool", number = "+14255550101" },
    bob   = { role = "client", site = "headquarters", home = "pool", number = "+14255550102" },
    carol = { role = "client", site = "headquarters", home = "pool", number = "+14255550103" },

    alice_desk = { role = "client", site = "headquarters", home = "pool", user = "alice",
                   device = "lync_phone" },
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
    { to = [[^(\d{3})$]], becomes = "+14255550$1" },
  },

  -- First match wins. What a user forwards takes the user's routes, not those of the caller.
  routes = {
    { at = "pool",      to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "pool",      from = "mediation", to = [[^\+]], via = "nowhere" },
    { at = "pool",      to = [[^\+1\d{10}$]], via = "mediation" },

    { at = "mediation", from = "pool",    to = [[^\+]], via = "gateway" },
    { at = "mediation", from = "gateway", to = [[^\+]], via = "pool" },

    { at = "gateway",   from = "mediation", to = [[^\+142555501\d\d$]], via = "nowhere" },
    { at = "gateway",   from = "mediation", to = [[^\+]], via = "pstn" },
    { at = "gateway",   from = "pstn",      to = [[^\+]], via = "mediation" },

    { at = "pstn",      to = [[^\+142555501\d\d$]], via = "gateway" },
  },

  -- Each is laid over all of the above.
  variants = {
    to_colleague = { nodes = { alice = { forward = "+14255550102" } } },
    to_mobile    = { nodes = alice_to_mobile },
    -- Calls from the PSTN that Alice sends back there need no Mediation Server for their audio.
    hairpin      = { nodes = { alice   = { forward = mobile },
                               gateway = { alternate_bypass_id = alternate } } },
    -- The gateway is told that calls were forwarded, and by whom.
    with_history = { nodes  = alice_to_mobile,
                     trunks = { { "mediation", "gateway", forward_history = true } } },
    -- Alice's calls go to Bob, and Bob's to Carol, who lets hers ring for a second.
    chain        = { nodes = { alice = { forward = "+14255550102" },
                               bob   = { forward = "+14255550103" },
                               carol = { unanswered = mobile, rings = 1 } } },
    loop         = { nodes = { alice = { forward = "+14255550102" },
                               bob   = { forward = "+14255550101" } } },
    -- Alice may forward calls to colleagues only.
    internal     = { nodes = { alice = { forward = mobile, forwarding = "internal" } } },
    ring_also    = { nodes = alice_and_mobile },
    -- Alice's telephone is in the branch, from where no audio passes the Mediation Server by.
    desk_in_branch = { nodes = { alice_desk = { site = "branch" } } },
    ring_inside  = { nodes = { alice = { ring_also = mobile, forwarding = "internal" } } },
    -- The gateway bears two early dialogs, and Alice has three places where it rings.
    two_dialogs  = { nodes  = alice_and_mobile,
                     trunks = { { "mediation", "gateway", max_early_dialogs = 2 } } },
  },
}
