#include "capture.h"

#define CALLED_PSTN "+12065550199"
#define CALLED_EV   "+14255550101"
#define CALLED_PBX  "+14255550201"

static const struct {
    const char *topology, *variant;
    struct plan plan;
} good_calls[] = {
    {"behind_pbx",
     "bypass_on",
     {.path = "alice pool mediation gateway pbx pstn",
      .number = CALLED_PSTN,
      .media = "alice gateway pbx pstn"}},
    {"behind_pbx",
     "bypass_off",
     {.path = "alice pool mediation gateway pbx pstn",
      .number = CALLED_PSTN,
      .media = "alice mediation gateway pbx pstn"}},
    {"behind_pbx",
     NULL,
     {.path = "pstn pbx gateway mediation pool alice",
      .number = CALLED_EV,
      .media = "pstn pbx gateway alice"}},
    {"behind_pbx", NULL, {.path = "alice pool bob", .number = "102", .media = "alice bob"}},
    {"behind_pbx", NULL, {.path = "pstn pbx carol", .number = CALLED_PBX}},
    {"behind_pbx", NULL, {.path = "carol pbx dave", .number = "202"}},
    {"behind_pbx", NULL, {.path = "carol pbx pstn", .number = "92065550199"}},
    {"in_front_of_pbx", NULL, {.path = "pstn gateway pbx carol", .number = CALLED_PBX}},
    {"in_front_of_pbx",
     NULL,
     {.path = "alice pool mediation gateway pbx carol",
      .number = CALLED_PBX,
      .media = "alice gateway pbx carol"}},
    {"in_front_of_pbx",
     NULL,
     {.path = "pstn gateway mediation pool alice",
      .number = CALLED_EV,
      .media = "pstn gateway alice"}},
    {"in_front_of_pbx", NULL, {.path = "carol pbx gateway pstn", .number = CALLED_PSTN}},
    {"direct_sip_partner",
     NULL,
     {.path = "carol pbx mediation pool alice", .number = CALLED_EV, .media = "carol pbx alice"}},
    {"voip_only",
     "always_bypass",
     {.path = "alice pool mediation gateway pstn",
      .number = CALLED_PSTN,
      .media = "alice gateway pstn"}},
};

static void good_calls_of_every_option_are_clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(good_calls); i++) {
        if (!is_clean(good_calls[i].topology, good_calls[i].variant, &good_calls[i].plan))
            fail_msg("the call %s of %s is not clean", good_calls[i].plan.path,
                     good_calls[i].topology);
        assert_true(comes_to(good_calls[i].topology, good_calls[i].variant, &good_calls[i].plan,
                             "OPT-01", DS_PASS));
        assert_true(comes_to(good_calls[i].topology, good_calls[i].variant, &good_calls[i].plan,
                             "OPT-02", DS_PASS));
    }
}

int test_route(void);

int test_route(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_calls_of_every_option_are_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
