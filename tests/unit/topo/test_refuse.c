#include "topo_file.h"

static void the_top_of_the_file_is_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"3: 'beside_pbx' is no option: behind_pbx, in_front_of_pbx, direct_sip_partner, "
         "voip_only or sip_trunk",
         {{"\"behind_pbx\"", "\"beside_pbx\""}}},
        {"2: the file must say its option", {{"option = \"behind_pbx\", ", ""}}},
        {"3: the file has no 'domian' (did you mean 'domain'?); it knows option, domain, bypass, "
         "regions, sites, nodes, trunks, ranges, dial_plan, routes, voice_policy, rates, "
         "traffic, variants, encryption, voice_mail, call_park, location_policies, admission",
         {{"domain = ", "domian = "}}},
        {"3: the file must say the users' domain, as in \"contoso.example\"",
         {{"\"contoso.example\"", "\"Contoso .example\""}}},
        {"3: 'domain' of the file must be text, and is a whole number",
         {{"domain = \"contoso.example\"", "domain = 7"}}},
        {"3: 'enabled' of bypass must be true or false, and is text",
         {{"bypass = { enabled = true }", "bypass = { enabled = \"yes\" }"}}},
        {"3: bypass.always must be a GUID, and is 'all'",
         {{"bypass = { enabled = true }", "bypass = { always = \"all\" }"}}},
        {"3: bypass.default must be a GUID, and is 'some'",
         {{"bypass = { enabled = true }", "bypass = { default = \"some\" }"}}},
        {"3: with bypass.always one ID is everybody's, and there is no default",
         {{"bypass = { enabled = true }",
           "bypass = { always = \"5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10\", default = "
           "\"8d3c6b1e-04a9-4c2f-b7d5-91e0a6f3c821\" }"}}},
        {"3: bypass has no 'mode'; it knows enabled, always, default, conferences",
         {{"bypass = { enabled = true }", "bypass = { enabled = true, mode = true }"}}},
        {"2: the file takes names only: write name = value",
         {{"return {\n", "return { \"stray\",\n"}}},
        {"2: a key must be a name or a list position", {{"return {\n", "return { [true] = 1,\n"}}},
        {"33: variants takes names only: write name = value",
         {{"variants = {", "variants = { 1,"}}},
        {"33: 'Quiet' is no name: a to z, then a to z, 0 to 9 and _", {{"quiet = {", "Quiet = {"}}},
        {"33: variant 'quiet' must be a table, and is a whole number",
         {{"quiet = { bypass = { enabled = false } }", "quiet = 1"}}},
        {"33: variant 'quiet' cannot have variants of its own",
         {{"quiet = {", "quiet = { variants = {},"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void sites_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"5: site 'core' needs a net, as in \"127.0.10.0/24\"",
         {{"core = { net = \"127.0.1.0/24\" }", "core = {}"}}},
        {"5: site 'core' must be a table, and is text",
         {{"core = { net = \"127.0.1.0/24\" }", "core = \"127.0.1.0/24\""}}},
        {"5: the net of site 'core' must look like \"127.0.10.0/24\" (/8 to /30), and is "
         "'127.0.1.0/31'",
         {{"\"127.0.1.0/24\"", "\"127.0.1.0/31\""}}},
        {"5: the net of site 'core' must end in zeros after 24 bits, and is '127.0.1.7/24'",
         {{"\"127.0.1.0/24\"", "\"127.0.1.7/24\""}}},
        {"6: the nets of sites 'core' and 'office' overlap",
         {{"\"127.0.1.0/24\"", "\"127.0.0.0/16\""}}},
        {"5: site 'core' has no 'colour'; it knows net, bypass_id, external, routed, "
         "region, constrained, voice_routing_policy, location_policy, address, elin",
         {{"\"127.0.1.0/24\"", "\"127.0.1.0/24\", colour = \"red\""}}},
        {"6: the bypass_id of site 'office' must be a GUID, and is "
         "'5f0f1d2-7c1e-4b57-9a0e-2d6b8c4e1f10'",
         {{"5f0f1d2a-", "5f0f1d2-"}}},
        {"7: site 'home_office' is external and cannot have a bypass_id: calls from outside never "
         "bypass",
         {{"external = true",
           "external = true, bypass_id = \"5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10\""}}},
        {"5: 'the core' is no name: a to z, then a to z, 0 to 9 and _",
         {{"core = {", "[\"the core\"] = {"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

#define EDGE(words)                                                                                \
    {                                                                                              \
        {                                                                                          \
            "    pbx = {", "    edge = { role = \"edge\", site = \"core\", sip = \"tls:5061\", "   \
                           "home = \"pool\", " words "},    pbx = {"                               \
        }                                                                                          \
    }

/* Alice's lines become those of somebody who takes over from Carol's phone. */
#define MOVES_FROM(what)                                                                           \
    {                                                                                              \
        "alice = { role = \"client\", site = \"office\", home = \"pool\",\n"                       \
        "      number = \"+14255550101\" },",                                                      \
            "alice = { role = \"client\", site = \"office\", home = \"pool\",\n" what " },"        \
    }

static void people_who_move_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"18: 'alice' moves from 'dave', which is no phone", {MOVES_FROM("moves_from = \"dave\"")}},
        {"18: 'alice' moves from 'pool', which is no phone", {MOVES_FROM("moves_from = \"pool\"")}},
        {"18: 'alice' moves from 'carol' and has no 'number' of its own",
         {MOVES_FROM("number = \"+14255550101\", moves_from = \"carol\"")}},
        {"18: 'alice' moves from 'carol' and has no 'team' of its own",
         {MOVES_FROM("team = \"sales\", moves_from = \"carol\"")}},
        {"18: 'alice' cannot be away: only a client is that is a device of another one's user",
         {MOVES_FROM("away = true, moves_from = \"carol\"")}},
        {"19: 'alice' and 'bob' both move from 'carol'",
         {MOVES_FROM("moves_from = \"carol\" },\n"
                     "bob = { role = \"client\", site = \"office\", home = \"pool\", "
                     "moves_from = \"carol\"")}},
        {"20: 'carol' is a phone: only a client takes over from a phone",
         {{"extension = \"201\"", "moves_from = \"alice\""}}},
        {"20: 'Sales' is no team: a to z, then a to z, 0 to 9 and _",
         {{"extension = \"201\"", "team = \"Sales\""}}},
        {"10: 'pool' is a pool and in no team",
         {{"sip = \"tls:5061\"", "team = \"sales\", sip = \"tls:5061\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void edges_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"15: the av address of 'edge' must be IPv4, and 'outside' is not",
         EDGE("av = \"outside\"")},
        {"15: the av address of 'edge' must lie in the net of an external site",
         EDGE("av = \"127.0.10.30\", credentials = \"u:p\"")},
        {"15: an edge with an av address needs credentials, as in \"user:password\" (at most 64 "
         "and 128 characters), and 'edge' has none of that form",
         EDGE("av = \"127.0.90.30\"")},
        {"15: an edge with an av address needs credentials, as in \"user:password\" (at most 64 "
         "and 128 characters), and 'edge' has none of that form",
         EDGE("av = \"127.0.90.30\", credentials = \"nobody\"")},
        {"15: 'edge' has credentials and no av address to use them at",
         EDGE("credentials = \"u:p\"")},
        {"17: 'alice' cannot be behind a nat: only clients of an external site can",
         {{"home = \"pool\",\n      number",
           "home = \"pool\", nat = \"127.0.90.9\",\n      number"}}},
        {"15: 'rita' is behind a nat, and no edge has an av address: nothing would be translated",
         EDGE("}, rita = { role = \"client\", site = \"home_office\", home = \"edge\", "
              "number = \"+14255550103\", nat = \"127.0.90.99\"")},
        {"15: the nat address of 'rita' must lie in the net of an external site",
         EDGE("av = \"127.0.90.30\", credentials = \"u:p\" }, rita = { role = \"client\", "
              "site = \"home_office\", home = \"edge\", number = \"+14255550103\", "
              "nat = \"127.0.10.99\"")},
        {"10: only an edge has av, and 'pool' is a pool",
         {{"\"tls:5061\" }", "\"tls:5061\", av = \"127.0.90.30\" }"}}},
        {"5: site 'core' is inside: only an external site is routed or is not",
         {{"\"127.0.1.0/24\"", "\"127.0.1.0/24\", routed = true"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void nodes_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"10: node 'pool' needs a role", {{"role = \"pool\", ", ""}}},
        {"10: 'registrar' is no role: client, edge, pool, mediation, gateway, pbx, phone, "
         "pstn, analogue_gateway, analogue_phone, fax, sbc, um, conferencing or call_park",
         {{"role = \"pool\"", "role = \"registrar\""}}},
        {"10: node 'pool' has no 'roel' (did you mean 'role'?); it knows what docs/topologies.md "
         "lists",
         {{"role = \"pool\"", "roel = \"pool\""}}},
        {"13: node 'gateway' stands in 'moon', which is no site",
         {{"site = \"office\"", "site = \"moon\""}}},
        {"13: node 'gateway' needs a site", {{"site = \"office\",\n      sip", "sip"}}},
        {"10: 'Pool' is no name: a to z, then a to z, 0 to 9 and _",
         {{"pool = { role", "Pool = { role"}}},
        {"10: node 'pool' must be a table, and is true or false",
         {{"pool = { role = \"pool\", site = \"core\", sip = \"tls:5061\" }", "pool = true"}}},
        {"11: 'mcu_b' is a second conferencing server beside 'mcu_a': there is one at most",
         {{"  nodes = {\n",
           "  nodes = {\n    mcu_a = { role = \"conferencing\", site = \"core\", sip = "
           "\"tls:5063\" },\n"
           "    mcu_b = { role = \"conferencing\", site = \"core\", sip = \"tls:5063\" },\n"}}},
        {"10: 'mcu' is a conferencing and must listen at tls or tcp first",
         {{"  nodes = {\n", "  nodes = {\n    mcu = { role = \"conferencing\", site = \"core\", "
                            "sip = \"udp:5063\" },\n"}}},
        {"15: 'nowhere' is a word of the routes, not a node", {{"    pbx = {", "    nowhere = {"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void where_a_node_listens_is_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"10: node 'pool' needs sip, as in \"tcp:5060\"", {{", sip = \"tls:5061\"", ""}}},
        {"10: 'pool' listens at 'sctp:5061', which is none of udp:PORT, tcp:PORT and tls:PORT",
         {{"\"tls:5061\"", "\"sctp:5061\""}}},
        {"10: 'pool' listens at 'tls:65536', which is none of udp:PORT, tcp:PORT and tls:PORT",
         {{"\"tls:5061\"", "\"tls:65536\""}}},
        {"10: 'pool' cannot listen at port 443: ports below 1024 need privileges",
         {{"\"tls:5061\"", "\"tls:443\""}}},
        {"10: 'sip' of node 'pool' must be text or a list of texts, and is a whole number",
         {{"\"tls:5061\"", "5061"}}},
        {"10: 'pool' is a pool and must listen at tls or tcp first",
         {{"\"tls:5061\"", "\"udp:5061\""}}},
        {"10: 'pool' is a pool and must listen at tls or tcp first", {{"\"tls:5061\"", "{}"}}},
        {"14: 'gateway' listens twice at port 5066",
         {{"\"tcp:5066\", \"udp:5060\" }", "\"tcp:5066\", \"tls:5066\" }"}}},
        {"14: sip takes text, and number 2 is a whole number",
         {{"\"tcp:5066\", \"udp:5060\" }", "\"tcp:5066\", 5060 }"}}},
        {"14: sip has a hole at 2",
         {{"\"tcp:5066\", \"udp:5060\" }", "\"tcp:5066\", [3] = \"udp:5060\" }"}}},
        {"10: 'pool' at 127.0.2.10 is not inside the net of its site 'core'",
         {{"\"tls:5061\"", "\"tls:5061\", at = \"127.0.2.10\""}}},
        {"10: 'pool' at 127.0.1.255 is not inside the net of its site 'core'",
         {{"\"tls:5061\"", "\"tls:5061\", at = \"127.0.1.255\""}}},
        {"10: 'pool' must stand at an IPv4 address, and 'here' is none",
         {{"\"tls:5061\"", "\"tls:5061\", at = \"here\""}}},
        {"19: 'carol' at 10.0.1.10 is not on loopback: only a node with real = true may stand "
         "outside 127.0.0.0/8",
         {{"\"127.0.1.0/24\"", "\"10.0.1.0/24\""}}},
        {"10: 'pbx' and 'pool' stand at the same address 127.0.1.20",
         {{"\"tls:5061\" }", "\"tls:5061\", at = \"127.0.1.20\" }"},
          {"\"udp:5060\" },", "\"udp:5060\", at = \"127.0.1.20\" },"}}},
        {"19: the net of site 'core' has no address left for 'carol'",
         {{"\"127.0.1.0/24\"", "\"127.0.1.0/29\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void what_a_node_is_like_is_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"10: the codec of 'pool' must be PCMA or PCMU, and is 'G722'",
         {{"\"tls:5061\"", "\"tls:5061\", codec = \"G722\""}}},
        {"10: the tls of 'pool' must be \"1.2\" or \"1.3\", and is '1.1'",
         {{"\"tls:5061\"", "\"tls:5061\", tls = \"1.1\""}}},
        {"10: the certificate of 'pool' must be a host's name in small letters, and is 'a b'",
         {{"\"tls:5061\"", "\"tls:5061\", certificate = \"a b\""}}},
        {"20: 'carol' is an earlier device and knows PCMA only",
         {{"extension = \"201\"", "extension = \"201\", device = \"earlier\", codec = \"PCMU\""}}},
        {"20: 'carol' cannot be a 'lync_phone': a client may be a lync_phone or a communicator, a "
         "phone an earlier device",
         {{"extension = \"201\"", "extension = \"201\", device = \"lync_phone\""}}},
        {"10: 'Bad One' is no name of a defect",
         {{"\"tls:5061\"", "\"tls:5061\", defects = { \"Bad One\" }"}}},
        {"10: defects has 5 lines; at most 4 are understood",
         {{"\"tls:5061\"", "\"tls:5061\", defects = { \"a\", \"b\", \"c\", \"d\", \"e\" }"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void homes_and_numbers_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"17: 'alice' needs a home: a pool or an edge",
         {{"home = \"pool\",\n      number", "number"}}},
        {"17: the home of 'alice' is 'pull', which is no node",
         {{"home = \"pool\"", "home = \"pull\""}}},
        {"17: the home of 'alice' must be a pool or an edge, and 'pbx' is a pbx",
         {{"home = \"pool\"", "home = \"pbx\""}}},
        {"19: the home of 'carol' must be a PBX, and 'pool' is a pool",
         {{"home = \"pbx\"", "home = \"pool\""}}},
        {"10: only a client, an edge, a phone or an analogue device has a home, and 'pool' is a "
         "pool",
         {{"\"tls:5061\"", "\"tls:5061\", home = \"pbx\""}}},
        {"17: 'alice' is outside the enterprise: its home must be an edge",
         {{"site = \"office\", home = \"pool\"", "site = \"home_office\", home = \"pool\""}}},
        {"17: 'alice' is inside the enterprise: its home must be a pool",
         {{"    carol =", "    edge = { role = \"edge\", site = \"core\", sip = \"tls:5061\", home "
                          "= \"pool\" },\n    carol ="},
          {"site = \"office\", home = \"pool\"", "site = \"office\", home = \"edge\""}}},
        {"17: 'alice' needs a number", {{"number = \"+14255550101\"", "prack = true"}}},
        {"18: the number of 'alice' must be + and 7 to 15 digits, and is '14255550101'",
         {{"\"+14255550101\"", "\"14255550101\""}}},
        {"18: the number of 'alice' must be + and 7 to 15 digits, and is '+1425'",
         {{"\"+14255550101\"", "\"+1425\""}}},
        {"20: 'alice' and 'carol' have the same number +14255550201",
         {{"\"+14255550101\"", "\"+14255550201\""}}},
        {"20: 'alice' and 'carol' have the same extension 201",
         {{"\"+14255550101\"", "\"+14255550101\", extension = \"201\""}}},
        {"20: the extension of 'carol' must be 2 to 8 digits, and is '2o1'",
         {{"extension = \"201\"", "extension = \"2o1\""}}},
        {"10: 'pool' is a pool and has no number of its own",
         {{"\"tls:5061\"", "\"tls:5061\", number = \"+14255550100\""}}},
        {"18: the user of 'alice' is 'pool', which is no client with a number",
         {{"number = \"+14255550101\"", "user = \"pool\""}}},
        {"18: the user of 'alice' is 'alice', which is no client with a number",
         {{"number = \"+14255550101\"", "user = \"alice\""}}},
        {"19: 'bob' is a device of 'alice' and has no number of its own",
         {{"    carol =", "    bob = { role = \"client\", site = \"office\", home = \"pool\", user "
                          "= \"alice\", number = \"+14255550102\" },\n    carol ="}}},
        {"10: 'pool' is a pool: only a client is a user's device",
         {{"\"tls:5061\"", "\"tls:5061\", user = \"alice\""}}},
        {"10: 'pool' is a pool and has no extension",
         {{"\"tls:5061\"", "\"tls:5061\", extension = \"100\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void trunks_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"23: the trunk leads to 'getaway', which is no node",
         {{"{ \"mediation\", \"gateway\", t", "{ \"mediation\", \"getaway\", t"}}},
        {"23: the trunk joins 'mediation' with itself",
         {{"{ \"mediation\", \"gateway\", t", "{ \"mediation\", \"mediation\", t"}}},
        {"23: a trunk begins with the names of its two ends",
         {{"{ \"mediation\", \"gateway\", t", "{ \"mediation\", t"}}},
        {"23: a trunk has two ends",
         {{"{ \"mediation\", \"gateway\", t", "{ \"mediation\", \"gateway\", \"pbx\", t"}}},
        {"23: no trunk ends at 'pool', a pool: trunks join mediation, gateway, "
         "analogue_gateway, pbx, sbc and pstn",
         {{"{ \"mediation\", \"gateway\", t", "{ \"mediation\", \"pool\", t"}}},
        {"23: a Mediation Server meets the PSTN through a gateway, a PBX or an sbc: no trunk joins "
         "'mediation' and 'pstn'",
         {{"{ \"mediation\", \"gateway\", t", "{ \"mediation\", \"pstn\", t"}}},
        {"24: a trunk from 'mediation' port 5068 to 'gateway' port 5066 stands at line 23 already",
         {{"{ \"mediation\", \"gateway\", transport = \"tcp\", bypass = true }",
           "{ \"mediation\", \"gateway\", transport = \"tcp\", bypass = true },\n    { "
           "\"gateway\", \"mediation\" }"}}},
        {"23: a SIP trunk runs over tcp or tls: a Mediation Server does not speak udp",
         {{"\"tcp\", bypass", "\"udp\", bypass"}}},
        {"23: a SIP trunk runs over tcp or tls, not 'sctp'",
         {{"\"tcp\", bypass", "\"sctp\", bypass"}}},
        {"23: the trunk runs over TLS, and 'gateway' has no TLS port",
         {{"\"tcp\", bypass", "\"tls\", bypass"}}},
        {"23: 'mediation' has no TCP port 5070 beside its first, which is the pool's",
         {{"\"tcp\", bypass", "\"tcp\", ports = { 5070, 5066 }, bypass"}}},
        {"23: ports are two numbers: one at 'mediation', one at 'gateway'",
         {{"\"tcp\", bypass", "\"tcp\", ports = { 5068 }, bypass"}}},
        {"23: ports has 3 lines; at most 2 are understood",
         {{"\"tcp\", bypass", "\"tcp\", ports = { 5068, 5066, 1 }, bypass"}}},
        {"23: 'gateway' has no TCP port 70000",
         {{"\"tcp\", bypass", "\"tcp\", ports = { 5068, 70000 }, bypass"}}},
        {"23: the trunk runs over TCP, and 'mediation' has no TCP port beside its first, which is "
         "the pool's",
         {{"\"tls:5070\", \"tcp:5068\", \"tls:5067\"", "\"tcp:5068\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void what_a_trunk_can_do_is_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"23: bypass needs refer = true, or both rtcp_active = false and rtcp_on_hold = false",
         {{"bypass = true }", "bypass = true, refer = false }"}}},
        {"23: bypass needs refer = true, or both rtcp_active = false and rtcp_on_hold = false",
         {{"bypass = true }", "bypass = true, refer = false, rtcp_active = false }"}}},
        {"23: third_party_refer stands in for REFER, and needs refer = false",
         {{"bypass = true }", "bypass = true, third_party_refer = true }"}}},
        {"23: bypass needs concentrated = true: one known media address",
         {{"bypass = true }", "bypass = true, concentrated = false }"}}},
        {"23: 'bypass' of a trunk must be true or false, and is a whole number",
         {{"bypass = true }", "bypass = 1 }"}}},
        {"23: a trunk has no 'bypas' (did you mean 'bypass'?); it knows what docs/topologies.md "
         "lists",
         {{"bypass = true }", "bypas = true }"}}},
        {"31: the route leads from 'mediation' to 'gateway' by a trunk that is not defined there",
         {{"bypass = true }", "defined = false }"}}},
        {"24: only at a Mediation Server can a trunk be left undefined",
         {{"kind = \"tdm\", channels = 23", "defined = false"},
          {"\"udp:5060\" },\n    pstn", "{ \"udp:5060\", \"tcp:5060\" } },\n    pstn"}}},
        {"23: max_early_dialogs must be 1 to 100, and is 0",
         {{"bypass = true }", "max_early_dialogs = 0 }"}}},
        {"23: channels are counted on tdm trunks only", {{"bypass = true }", "channels = 3 }"}}},
        {"23: 'mediation' is a Mediation Server and has no circuits: a tdm trunk joins gateway, "
         "pbx, sbc and pstn",
         {{"transport = \"tcp\", bypass = true", "kind = \"tdm\""}}},
        {"24: a trunk is of kind sip or tdm, not 'isdn'",
         {{"kind = \"tdm\", channels", "kind = \"isdn\", channels"}}},
        {"24: a tdm trunk has no bypass",
         {{"kind = \"tdm\", channels", "kind = \"tdm\", bypass = false, channels"}}},
        {"24: a tdm trunk has no transport to choose",
         {{"kind = \"tdm\", channels", "kind = \"tdm\", transport = \"tcp\", channels"}}},
        {"24: the trunk runs over UDP, and 'gateway' has no UDP port",
         {{"\"tcp:5066\", \"udp:5060\"", "\"tcp:5066\""}}},
        {"24: channels must be 1 to 10000, and is 0", {{"channels = 23", "channels = 0"}}},
        {"24: channels must be 1 to 10000, and is 10001", {{"channels = 23", "channels = 10001"}}},
        {"24: 'channels' of a trunk must be a whole number, and is a fraction",
         {{"channels = 23", "channels = 2.5"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void number_rules_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"27: the pattern '^(' cannot be used: Unmatched ( or \\(",
         {{"[[^\\+142555501\\d\\d$]]", "[[^(]]"}}},
        {"27: the pattern '' cannot be used: it is empty", {{"[[^\\+142555501\\d\\d$]]", "[[]]"}}},
        {"27: the pattern '^(\\d)\\1$' cannot be used: after a backslash only d and the signs . + "
         "* ? ( ) [ ] { } | ^ $ make sense",
         {{"[[^\\+142555501\\d\\d$]]", "[[^(\\d)\\1$]]"}}},
        {"27: the pattern '^(?:1)$' cannot be used: '(?' is not understood here",
         {{"[[^\\+142555501\\d\\d$]]", "[[^(?:1)$]]"}}},
        {"27: the pattern '((1{100}){100}){100}' cannot be used: it repeats too often",
         {{"[[^\\+142555501\\d\\d$]]", "[[((1{100}){100}){100}]]"}}},
        {"27: the pattern "
         "'11111111111111111111111111111111111111111111111111111111111111111111111111111111' "
         "cannot be used: it is too long",
         {{"[[^\\+142555501\\d\\d$]]",
           "[[111111111111111111111111111111111111111111111111111111111111111111111111111111111]"
           "]"}}},
        {"27: a range belongs to the party \"ev\", \"pbx\", \"analogue\", \"fax\" or \"pstn\"",
         {{"party = \"ev\"", "party = \"carrier\""}}},
        {"27: a range needs to: the pattern of a number",
         {{"to = [[^\\+142555501\\d\\d$]], ", ""}}},
        {"28: '^(\\d{3})$' has no group for '$2'",
         {{"becomes = \"+14255550$1\"", "becomes = \"+14255550$2\""}}},
        {"28: 'alice' is no number with $1 to $9 in it",
         {{"becomes = \"+14255550$1\"", "becomes = \"alice\""}}},
        {"28: what '^(\\d{3})$' becomes must have 1 to 64 letters",
         {{"becomes = \"+14255550$1\"", "becomes = \"\""}}},
        {"28: a line of dial_plan needs becomes: the number meant",
         {{", becomes = \"+14255550$1\"", ""}}},
        {"28: a line of dial_plan takes names only: write name = value",
         {{"to = [[^(\\d{3})$]], becomes = ", "[[^(\\d{3})$]], "}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void routes_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"28: the dial plan's from is 'pole', which is no node",
         {{"becomes = \"+14255550$1\"", "becomes = \"+14255550$1\", from = \"pole\""}}},
        {"28: 'pbx' has no dial plan: it has no trunk to a Mediation Server",
         {{"becomes = \"+14255550$1\"", "becomes = \"+14255550$1\", from = \"pbx\""}}},
        {"30: the route's at is 'pole', which is no node",
         {{"{ at = \"pool\"", "{ at = \"pole\""}}},
        {"30: a route needs at: the node that decides", {{"{ at = \"pool\", ", "{ "}}},
        {"30: 'alice' has no routes: it sends every call to its home 'pool'",
         {{"{ at = \"pool\"", "{ at = \"alice\""}}},
        {"31: the route's from is 'pole', which is no node",
         {{"from = \"pool\"", "from = \"pole\""}}},
        {"30: calls are spread over two next hops at least",
         {{"via = \"mediation\" }", "via = \"mediation\", spread = true }"}}},
        {"31: calls are spread over Mediation Servers only, and 'gateway' is a gateway",
         {{"via = \"gateway\" }", "via = { \"gateway\", \"pool\" }, spread = true }"}}},
        {"31: the route's site is 'moon', which is no site",
         {{"from = \"pool\"", "from = \"pool\", site = \"moon\""}}},
        {"30: the route leads to 'registration', which is no node",
         {{"via = \"mediation\" }", "via = \"registration\" }"}}},
        {"30: the route leads from 'pool' to 'gateway': no trunk joins them",
         {{"via = \"mediation\" }", "via = \"gateway\" }"}}},
        {"30: the route leads from 'pool' to 'pool': no trunk joins them",
         {{"via = \"mediation\" }", "via = { \"mediation\", \"pool\" } }"}}},
        {"30: via is empty: write \"nowhere\" to refuse the calls",
         {{"via = \"mediation\" }", "via = {} }"}}},
        {"30: a route needs via: the next hop, or \"nowhere\"",
         {{", via = \"mediation\" }", " }"}}},
        {"30: via has 5 lines; at most 4 are understood",
         {{"via = \"mediation\" }", "via = { \"mediation\", \"mediation\", \"mediation\", "
                                    "\"mediation\", \"mediation\" } }"}}},
        {"30: a route has no 'vai' (did you mean 'via'?); it knows at, from, to, becomes, via, "
         "usages, caller, site, spread",
         {{"via = \"mediation\" }", "vai = \"mediation\" }"}}},
        {"30: routes takes a table, and number 1 is text",
         {{"{ at = \"pool\", to = [[^\\+]], via = \"mediation\" }", "\"pool\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void each_option_has_its_demands(void **state)
{
    static const struct refusal refusals[] = {
        {"15: voip_only has no pbx, and 'pbx' is one: where a PBX stays the option is another",
         {{"\"behind_pbx\"", "\"voip_only\""}}},
        {"13: gateway 'gateway' has no trunk to a pstn: in front of the PBX every PSTN call lands "
         "on the gateway",
         {{"\"behind_pbx\"", "\"in_front_of_pbx\""}}},
        {"15: pbx 'pbx' has no trunk to a mediation: a Direct SIP partner is joined to the "
         "Mediation Server itself",
         {{"\"behind_pbx\"", "\"direct_sip_partner\""}}},
        {"15: pbx 'pbx' has no trunk to a pstn: behind the PBX every PSTN call lands on it",
         {{"{ \"pbx\", \"pstn\", k", "{ \"gateway\", \"pstn\", k"}}},
        {"25: gateway 'gateway' cannot have a trunk to a pstn: behind the PBX every PSTN call "
         "lands on the PBX",
         {{"{ \"pbx\", \"pstn\", kind = \"tdm\" },",
           "{ \"pbx\", \"pstn\", kind = \"tdm\" }, { \"gateway\", \"pstn\", kind = \"tdm\" },"}}},
        {"15: pbx 'pbx' has no trunk to a gateway: behind the PBX a gateway links it to Lync "
         "Server",
         {{"{ \"gateway\", \"pbx\", kind = \"tdm\", channels = 23 },", ""}}},
        {"13: gateway 'gateway' has no trunk to a mediation: it could pass no call to Lync Server",
         {{"    { \"mediation\", \"gateway\", transport = \"tcp\", bypass = true },\n", ""},
          {"via = \"gateway\"", "via = \"pool\""}}},
        {"15: pbx 'pbx' has no trunk to a gateway: in front of the PBX the gateway needs a trunk "
         "group to it",
         {{"\"behind_pbx\"", "\"in_front_of_pbx\""},
          {"{ \"pbx\", \"pstn\", kind", "{ \"gateway\", \"pstn\", kind"},
          {"{ \"gateway\", \"pbx\", kind = \"tdm\", channels = 23 },", ""}}},
        {"25: pbx 'pbx' cannot have a trunk to a pstn: in front of the PBX every PSTN call lands "
         "on the gateway",
         {{"\"behind_pbx\"", "\"in_front_of_pbx\""},
          {"{ \"pbx\", \"pstn\", kind = \"tdm\" },",
           "{ \"pbx\", \"pstn\", kind = \"tdm\" }, { \"gateway\", \"pstn\", kind = \"tdm\" },"}}},
        {"25: gateway 'gateway' cannot have a trunk to a pbx: a Direct SIP partner needs no "
         "gateway before it",
         {{"\"behind_pbx\"", "\"direct_sip_partner\""},
          {"\"udp:5060\" },\n    pstn", "{ \"udp:5060\", \"tcp:5066\" } },\n    pstn"},
          {"{ \"gateway\", \"pbx\", kind",
           "{ \"mediation\", \"pbx\" },\n    { \"gateway\", \"pbx\", kind"}}},
        {"24: pbx 'pbx' cannot have a trunk to a mediation: without a gateway between them the "
         "option is direct_sip_partner",
         {{"\"udp:5060\" },\n    pstn", "{ \"udp:5060\", \"tcp:5066\" } },\n    pstn"},
          {"{ \"gateway\", \"pbx\", kind",
           "{ \"mediation\", \"pbx\" },\n    { \"gateway\", \"pbx\", kind"}}},
        {"20: 'carol' listens nowhere", {{"extension = \"201\"", "sip = {}"}}},
        {"19: 'carol' reaches its PBX 'pbx' over udp, which has no udp port",
         {{"\"behind_pbx\"", "\"in_front_of_pbx\""},
          {"sip = \"udp:5060\" },\n    pstn", "sip = \"tcp:5060\" },\n    pstn"},
          {"\"pbx\", kind = \"tdm\", channels = 23 },\n    { \"pbx\",",
           "\"pbx\" },\n    { \"gateway\","}}},
        {"3: behind_pbx needs a client among the nodes",
         {{"role = \"client\"", "role = \"phone\""}, {"home = \"pool\"", "home = \"pbx\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

/* At line 10, before the pool. */
#define ADDED(node)                                                                                \
    {                                                                                              \
        "    pool = {", "    " node ", pool = {"                                                   \
    }
#define ATA(sip) "ata = { role = \"analogue_gateway\", site = \"office\", sip = " sip " }"
#define FAX(home)                                                                                  \
    "fax = { role = \"fax\", site = \"office\", home = \"" home "\", number = \"+14255550311\" }"
#define TRUNK(trunk)                                                                               \
    {                                                                                              \
        "  trunks = {\n", "  trunks = { " trunk ",\n"                                              \
    }

static void analogue_devices_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"10: the home of 'fax' must be an analogue gateway or a PBX, and 'gateway' is a gateway",
         {ADDED(FAX("gateway"))}},
        {"10: analogue_gateway 'ata' has no trunk to a mediation: its telephones could call nobody",
         {ADDED(ATA("\"tcp:5066\""))}},
        {"10: analogue_gateway 'ata' has no trunk to a gateway: fax comes back from the gateway "
         "that "
         "a call came in by",
         {ADDED(ATA("{ \"tcp:5066\", \"udp:5060\" }") ", " FAX("ata")),
          TRUNK("{ \"mediation\", \"ata\" }")}},
        {"10: 'fax' reaches its gateway 'ata' over udp, which has no udp port",
         {ADDED(ATA("\"tcp:5066\"") ", " FAX("ata")), TRUNK("{ \"mediation\", \"ata\" }")}},
        {"22: an analogue gateway has lines and no circuits: a tdm trunk joins gateway, pbx, sbc "
         "and pstn",
         {ADDED(ATA("\"udp:5060\"")), TRUNK("{ \"gateway\", \"ata\", kind = \"tdm\" }")}},
        {"15: 'pbx' is a pbx: only a gateway carries fax by T.38",
         {{"role = \"pbx\",", "role = \"pbx\", t38 = true,"}}},
        {"17: 'alice' is a client: only a peer of the Mediation Server asserts_identity",
         {{"site = \"office\", home", "asserts_identity = true, site = \"office\", home"}}},
        {"10: 'pool' is a pool: only a client, or a peer of the Mediation Server, has one_codec",
         {{"role = \"pool\",", "role = \"pool\", one_codec = true,"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

int test_refuse(void);

int test_refuse(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_top_of_the_file_is_checked),
        cmocka_unit_test(sites_are_checked),
        cmocka_unit_test(edges_are_checked),
        cmocka_unit_test(nodes_are_checked),
        cmocka_unit_test(where_a_node_listens_is_checked),
        cmocka_unit_test(what_a_node_is_like_is_checked),
        cmocka_unit_test(people_who_move_are_checked),
        cmocka_unit_test(analogue_devices_are_checked),
        cmocka_unit_test(homes_and_numbers_are_checked),
        cmocka_unit_test(trunks_are_checked),
        cmocka_unit_test(what_a_trunk_can_do_is_checked),
        cmocka_unit_test(number_rules_are_checked),
        cmocka_unit_test(routes_are_checked),
        cmocka_unit_test(each_option_has_its_demands),
    };
    return cmocka_run_group_tests_name("refuse", tests, NULL, NULL);
}
