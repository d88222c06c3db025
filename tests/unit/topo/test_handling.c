#include "topo_file.h"

static void what_becomes_of_calls_is_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"17: 'alice' cannot be away: only a client is that is a device of another one's user",
         {{"home = \"pool\",\n      number", "home = \"pool\", away = true,\n      number"}}},
        {"17: calls to 'alice' cannot go to '99': unanswered takes + and 7 to 15 digits",
         {{"home = \"pool\",\n      number",
           "home = \"pool\", unanswered = \"99\",\n      number"}}},
        {"17: 'alice' rings for 1 to 60 seconds, not 61",
         {{"home = \"pool\",\n      number", "home = \"pool\", rings = 61,\n      number"}}},
        {"17: calls to 'alice' cannot go to '1': forward takes + and 7 to 15 digits",
         {{"home = \"pool\",\n      number", "home = \"pool\", forward = \"1\",\n      number"}}},
        {"17: calls to 'alice' would go to 'alice' again",
         {{"home = \"pool\",\n      number",
           "home = \"pool\", ring_also = \"+14255550101\",\n      number"}}},
        {"17: all calls to 'alice' are forwarded, so that none rings also and none is unanswered",
         {{"home = \"pool\",\n      number",
           "home = \"pool\", forward = \"+12065550142\", ring_also = \"+12065550143\",\n      "
           "number"}}},
        {"17: the forwarding of 'alice' may be \"internal\", and is 'sometimes'",
         {{"home = \"pool\",\n      number",
           "home = \"pool\", forwarding = \"sometimes\",\n      number"}}},
        {"10: 'pool' is a pool: only a peer of the Mediation Server has an alternate_bypass_id",
         {{"role = \"pool\",",
           "role = \"pool\", alternate_bypass_id = \"5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10\","}}},
        {"13: the alternate_bypass_id of 'gateway' must be a GUID, and is 'either'",
         {{"role = \"gateway\",", "role = \"gateway\", alternate_bypass_id = \"either\","}}},
        {"13: 'gateway' has no 'rings': only a client with a number of its own is a user",
         {{"role = \"gateway\",", "role = \"gateway\", rings = 5,"}}},
        {"17: 'alice' cannot control 'gateway': a client controls a phone",
         {{"home = \"pool\",\n      number",
           "home = \"pool\", controls = \"gateway\",\n      number"}}},
        {"18: 'alice' controls 'carol' and has no number of its own",
         {{"home = \"pool\",\n      number",
           "home = \"pool\", controls = \"carol\",\n      number"}}},
        {"15: 'pbx' takes remote call control over tcp or tls, and listens at neither",
         {{"role = \"pbx\",", "role = \"pbx\", csta = true,"}}},
        {"13: 'gateway' is a gateway: only a pbx takes remote call control",
         {{"role = \"gateway\",", "role = \"gateway\", csta = true,"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

int test_handling(void);

int test_handling(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_becomes_of_calls_is_checked),
    };
    return cmocka_run_group_tests_name("handling", tests, NULL, NULL);
}
