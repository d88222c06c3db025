--- Writes docs/coverage.md: which statements of the planning guide, and which cases of interoperability
--- tests, are proven by what: `lua5.4 docs/coverage.lua > docs/coverage.md`. A test compares the two.
---
--- A line is an id, the statement in our words, its proofs (names of scenarios, and ids of
--- requirements), and what of it is not proven. Without a proof it is not covered; with both it is in
--- part.

local guide <const> = {
  { "G01", "With Enterprise Voice brought in step by step, some teams have it and the others stay on the PBX, and both reach each other and the PSTN",
    "calls/caller_clears calls/callee_clears OPT-01 OPT-02", "moving a team while the deployment runs" },
  { "G02", "A gateway joins the teams with Enterprise Voice to the PBX", "calls/callee_clears TOPO-04 TOPO-08" },
  { "G03", "Enterprise Voice users talk to one another over the IP network, those at home too",
    "calls/caller_clears remote/to_colleague remote/both_outside TOPO-01 OPT-02" },
  { "G04", "Their calls to the PSTN and to colleagues on the PBX go to the gateway for it",
    "calls/caller_clears routing/beside_a_gateway routing/no_route RTE-01 RTE-05" },
  { "G05", "A certified Direct SIP partner needs no gateway between it and the Mediation Server", "calls/caller_clears TOPO-10" },
  { "G06", "With media bypass, which is recommended, audio passes the Mediation Server by", "bypass/always calls/caller_clears BYP-01 BYP-12" },
  { "G07", "Without it audio goes through the Mediation Server", "calls/caller_clears bypass/trunk_switched_off BYP-02 BYP-03" },
  { "G08", "Behind the PBX: all calls from the PSTN come to the PBX, which passes those for Enterprise Voice users to a gateway",
    "calls/callee_clears TOPO-02 TOPO-03 TOPO-04" },
  { "G09", "In front of the PBX: all calls come to the gateway, which passes those for Enterprise Voice users to the Mediation Server and those for PBX users to the PBX",
    "calls/callee_clears TOPO-05 TOPO-06 TOPO-07" },
  { "G10", "In front of the PBX: calls of either to the PSTN leave by the gateway that costs least, over the IP network",
    "routing/inter_trunk routing/gateway_full RTE-06", "the choice by cost" },
  { "G11", "The PBX goes on serving those without Enterprise Voice", "calls/caller_clears planning/without_pool OPT-01" },
  { "G12", "The PBX keeps the earlier devices", "planning/without_pool", "`directsip plan` lists them; no run has one" },
  { "G13", "Enterprise Voice users keep their numbers", "routing/user_found_by_number RTE-02", "a number that moves from PBX to Enterprise Voice in a running deployment" },
  { "G14", "Gateways that are there already may lack features or channels", "timers/failover RTE-09", "verdicts about what a gateway lacks (early dialogs, REFER, SRTP); `directsip plan` says how many channels it needs" },
  { "G15", "In front of the PBX the gateway needs a trunk to the PBX and one to the Mediation Server, and perhaps more from the carrier", "TOPO-08 calls/caller_clears" },
  { "G16", "VoIP only: there is no PBX, and all calls take the IP network up to the gateway", "calls/caller_clears TOPO-09" },
  { "G17", "Users have Lync 2013 or Lync Phone Edition", "calls/caller_clears", "what differs between the two on the wire" },
  { "G18", "Remote call control is there with a PBX only", "" },
  { "G19", "Voice mail and auto attendant come from Exchange Unified Messaging", "" },
  { "G20", "A small qualified gateway serves fax machines and analogue telephones",
    "analogue/call_answered fax/received fax/sent fax/refused_t38 TOPO-19 MED-13 RTE-26 FAX-03" },
  { "G21", "What stops, and what goes another way, where an element fails", "planning/without_gateway planning/without_mediation planning/without_pbx planning/without_pool planning/without_edge planning/gateway_fails_in_call" },
}

local cases <const> = {
  { "T01", "A call to the PSTN over a TCP trunk", "calls/caller_clears signalling/trunk_shape TOPO-13 MED-07" },
  { "T02", "A TLS trunk by name, each end asked for its certificate", "bypass/tls_trunk signalling/foreign_certificate TOPO-18", "that the Mediation Server asks its peer for one" },
  { "T03", "The peer answers OPTIONS, and the trunk is up", "timers/four_polls_missed RTE-12" },
  { "T04", "Five OPTIONS without an answer: the peer is down and avoided", "timers/peer_down RTE-11 RTE-12" },
  { "T05", "It answers again, and is up with its first 200", "timers/peer_down RTE-11 RTE-13" },
  { "T06", "The peer asks the Mediation Server with OPTIONS", "" },
  { "T07", "An INVITE from nobody's peer is refused with 10013", "" },
  { "T08", "Calls spread over the members of a Mediation Server pool", "" },
  { "T09", "To the PSTN, answered, the caller clears", "calls/caller_clears CALL-01 CALL-02 CALL-05" },
  { "T10", "The same, the callee clears", "calls/callee_clears CALL-05" },
  { "T11", "The caller gives up while it rings", "calls/cancelled CALL-03" },
  { "T12", "Busy: 486 to the client, and one gateway tried", "calls/busy routing/busy_is_final CALL-04 RTE-07" },
  { "T13", "A number that the carrier does not know", "calls/unknown_number CALL-04 RTE-07" },
  { "T14", "From the PSTN, found by number, answered", "calls/callee_clears routing/user_found_by_number CALL-02 RTE-02" },
  { "T15", "An Enterprise Voice user declines", "calls/declined signalling/decline_reaches_trunk SIG-13" },
  { "T16", "A user who is signed in twice", "races/two_devices_answer CALL-07" },
  { "T17", "To a PBX phone", "calls/caller_clears CALL-02", "the number that the phone displays" },
  { "T18", "From a PBX phone, with ring-back", "calls/callee_clears CALL-02", "that the caller hears ring-back" },
  { "T19", "PCMU alone is offered", "calls/caller_clears BYP-12", "an offer without any other codec" },
  { "T20", "PCMA alone is offered", "media/a_law MED-17" },
  { "T21", "G.729 alone is offered, and refused with 488", "" },
  { "T22", "Digits both ways", "media/digits MED-03 MED-02" },
  { "T23", "Digits before the answer", "" },
  { "T24", "Comfort noise in silence", "" },
  { "T25", "SRTP required on a trunk", "" },
  { "T26", "SRTP optional on a trunk", "" },
  { "T27", "SRTP not supported: no crypto line", "signalling/trunk_shape MED-07" },
  { "T28", "RTCP while a call is active", "" },
  { "T29", "RTCP stops, and the call is ended", "" },
  { "T30", "No RTCP, and the call goes on", "" },
  { "T31", "Early media outbound", "signalling/gateway_answers_early media/early_announcement SIG-12" },
  { "T32", "180 without SDP: the client's own ring-back", "media/silent_while_ringing", "that the client plays ring-back" },
  { "T33", "Several early dialogs inbound", "" },
  { "T34", "Simultaneous ring to an announcement in the PSTN", "" },
  { "T35", "The first words are not clipped", "" },
  { "T36", "PRACK on and off", "" },
  { "T37", "Hold and resume by the client, without bypass", "hold/hold_and_resume SIG-01 SIG-02 SIG-03" },
  { "T38", "The same with bypass", "hold/hold_and_resume SIG-01 SIG-02" },
  { "T39", "The other side holds", "races/both_hold SIG-02", "a hold by the PBX or the PSTN alone" },
  { "T40", "Resume by a re-INVITE without an offer", "" },
  { "T41", "A session timer: refreshed, and a dead peer noticed", "timers/session_refreshed timers/peer_gone_in_call TIME-06 TIME-07" },
  { "T42", "Blind transfer by REFER", "" },
  { "T43", "Blind transfer without REFER", "" },
  { "T44", "Blind transfer that nobody answers", "" },
  { "T45", "Consultative transfer", "" },
  { "T46", "Transfer by third-party call control", "" },
  { "T47", "Park and retrieve", "" },
  { "T48", "A third party is added", "" },
  { "T49", "Forwarded to the PSTN, with history", "" },
  { "T50", "Without history no History-Info", "signalling/trunk_shape SIG-06", "a call that was forwarded" },
  { "T51", "P-Asserted-Identity on and off", "signalling/trunk_shape SIG-04", "its being there where it is on" },
  { "T52", "A caller's number that a route replaces", "" },
  { "T53", "The plus taken off", "signalling/trunk_shape SIG-07" },
  { "T54", "A called number rewritten for the trunk", "routing/inter_trunk RTE-01", "a rewriting to national digits" },
  { "T55", "Four digits inbound", "routing/extension_dialled RTE-02" },
  { "T56", "A gateway silent for ten seconds", "timers/failover RTE-09" },
  { "T57", "A slow gateway, without fast failover", "timers/nobody_there RTE-10" },
  { "T58", "503: the next trunk at once", "routing/peer_unavailable CALL-04", "a second trunk to try" },
  { "T59", "408: no other trunk", "routing/busy_is_final RTE-07", "the status 408 itself, and its mapping to 503" },
  { "T60", "502: no other trunk", "routing/busy_is_final RTE-07", "the status 502 itself" },
  { "T61", "Two usages with one pattern", "" },
  { "T62", "All trunks are down: 12000", "" },
  { "T63", "A user without a usage: 12001", "" },
  { "T64", "No route matches: 12004", "routing/no_route RTE-05 SIG-15" },
  { "T65", "Bypass within one site", "calls/caller_clears BYP-01" },
  { "T66", "Bypass on, a constrained branch, the gateway in the centre", "calls/caller_clears BYP-04" },
  { "T67", "Branch client and branch gateway, the Mediation Server in the centre", "" },
  { "T68", "Bypass off on the trunk", "bypass/trunk_switched_off BYP-03" },
  { "T69", "A TCP trunk where encryption is required", "" },
  { "T70", "A remote worker", "remote/to_pstn remote/from_pstn remote/with_pbx BYP-08 OPT-02" },
  { "T71", "Nobody answers, and voice mail does", "" },
  { "T72", "The first voice mail server fails", "" },
  { "T73", "The auto attendant transfers to an extension", "" },
  { "T74", "A fax from the PSTN to an analogue adapter", "fax/received fax/refused_t38 MED-13 RTE-26 FAX-01 FAX-02 FAX-03 FAX-04" },
  { "T75", "An analogue phone holds", "" },
  { "T76", "PBX to PSTN by inter-trunk routing", "routing/inter_trunk", "that without a usage on the incoming trunk it is refused" },
  { "T77", "Location-based routing", "" },
  { "T78", "911 with a location in its body", "" },
  { "T79", "911 with a number for the location", "" },
  { "T80", "Admission control denies, and the PSTN takes the call", "" },
  { "T81", "The registrar pool is lost", "" },
}

local function code(proofs)
  return (proofs:gsub("%S+", "`%0`"):gsub("` `", "`, `"))
end

local function is_open(line) return line[3] == "" end
local function is_partly(line) return line[3] ~= "" and line[4] ~= nil end
local function is_proven(line) return line[3] ~= "" and line[4] == nil end

local function count(list, is_one)
  local number = 0
  for _, line in ipairs(list) do
    if is_one(line) then number = number + 1 end
  end
  return number
end

local function each(is_one, write)
  for _, list in ipairs { guide, cases } do
    for _, line in ipairs(list) do
      if is_one(line) then write(line) end
    end
  end
end

if ... == "data" then return { guide, cases } end

print [[
# Coverage

What of "Direct SIP deployment options in Lync Server 2013" (G) and of the cases of interoperability tests that are published for
gateways and PBXs (T) is proven here, and by which scenarios and requirements. What is not comes first. Statements are in our
words; sources are listed in [sources.md](sources.md). Made from `docs/coverage.lua`.

| | proven | in part | not covered |
|---|---|---|---|]]
for _, of in ipairs { { "the guide", guide }, { "cases", cases } } do
  print(("| %s | %d | %d | %d |"):format(of[1], count(of[2], is_proven), count(of[2], is_partly), count(of[2], is_open)))
end

print "\n## Not covered\n\n| id | statement |\n|---|---|"
each(is_open, function(line) print(("| %s | %s |"):format(line[1], line[2])) end)

print "\n## In part\n\n| id | statement | proven by | not proven |\n|---|---|---|---|"
each(is_partly, function(line)
  print(("| %s | %s | %s | %s |"):format(line[1], line[2], code(line[3]), line[4]))
end)

print "\n## Proven\n\n| id | statement | by |\n|---|---|---|"
each(is_proven, function(line) print(("| %s | %s | %s |"):format(line[1], line[2], code(line[3]))) end)
