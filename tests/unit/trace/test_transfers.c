#include "stage.h"

#include <stdio.h>
#include <string.h>

/* Calls that a transfer makes. The PSTN, a gateway, a Mediation Server, a pool and two clients
 * stand at 1 to 6. */

static const struct {
    const char *name;
    enum ds_role_kind role;
} elements[] = {{"pstn", DS_ROLE_PSTN},           {"gateway", DS_ROLE_GATEWAY},
                {"mediation", DS_ROLE_MEDIATION}, {"pool", DS_ROLE_POOL},
                {"alice", DS_ROLE_CLIENT},        {"bob", DS_ROLE_CLIENT}};

enum { PSTN = 1, GATEWAY, MEDIATION, POOL, ALICE, BOB };

#define OF_ALICE "+14255550101"
#define OF_BOB   "+14255550102"
#define OF_PSTN  "+12065550199"

struct deployment {
    struct ds_topo_node nodes[DS_COUNT(elements)];
    struct ds_topo topo;
};

static const struct ds_trace *finish(struct stage *stage, struct deployment *deployment)
{
    *deployment = (struct deployment){0};
    for (size_t i = 0; i < DS_COUNT(elements); i++) {
        deployment->nodes[i].name = elements[i].name;
        deployment->nodes[i].role = elements[i].role;
        deployment->nodes[i].at = STAGE_ADDR((uint32_t)i + 1, 0);
    }
    deployment->topo =
        (struct ds_topo){.nodes = deployment->nodes, .node_count = DS_COUNT(elements)};
    return stage_read(stage, &deployment->topo);
}

/* One message between two elements; `media` is an element whose audio it describes, 0: none. */
struct step {
    uint32_t from, to;
    const char *start, *call_id, *cseq;
    uint32_t media;
    const char *more;
};

static void say(struct stage *stage, const struct step *step)
{
    char branch[40];
    struct ds_addr media = STAGE_ADDR(step->media, (uint16_t)(10000 + 2 * step->media));
    uint32_t low = step->from < step->to ? step->from : step->to;
    snprintf(branch, sizeof branch, "%s%c%u", step->call_id, step->cseq[0], low);
    const struct stage_line line = {.start = step->start,
                                    .call_id = step->call_id,
                                    .branch = branch,
                                    .cseq = step->cseq,
                                    .from = OF_PSTN,
                                    .to_tag = strncmp(step->start, "INVITE", 6) == 0 ? NULL : "t",
                                    .more = step->more,
                                    .media = step->media == 0 ? NULL : &media};
    stage_say(stage, STAGE_ADDR(step->from, 5060), STAGE_ADDR(step->to, 5060), &line);
}

static void say_all(struct stage *stage, const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say(stage, &steps[i]);
}

#define INVITE_ALICE "INVITE sip:" OF_ALICE "@b.example SIP/2.0"
#define INVITE_BOB   "INVITE sip:" OF_BOB "@b.example SIP/2.0"
#define REFER        "REFER sip:a@b.example SIP/2.0"
#define TO_BOB       "Refer-To: <sip:" OF_BOB "@contoso.example;user=phone>\r\n"
#define OK           "SIP/2.0 200 OK"

/* From the PSTN to Alice, with audio past the Mediation Server. */
static const struct step call_of_alice[] = {
    {PSTN, GATEWAY, INVITE_ALICE, "one", "1 INVITE", PSTN, NULL},
    {GATEWAY, MEDIATION, INVITE_ALICE, "two", "1 INVITE", GATEWAY, NULL},
    {MEDIATION, POOL, INVITE_ALICE, "three", "1 INVITE", GATEWAY, NULL},
    {POOL, ALICE, INVITE_ALICE, "three", "1 INVITE", GATEWAY, NULL},
    {ALICE, POOL, OK, "three", "1 INVITE", ALICE, NULL},
    {POOL, MEDIATION, OK, "three", "1 INVITE", ALICE, NULL},
    {MEDIATION, GATEWAY, OK, "two", "1 INVITE", ALICE, NULL},
    {GATEWAY, PSTN, OK, "one", "1 INVITE", GATEWAY, NULL},
};

static const struct step asked_of_mediation[] = {
    {ALICE, POOL, REFER, "three", "1 REFER", 0, TO_BOB},
    {POOL, MEDIATION, REFER, "three", "1 REFER", 0, TO_BOB},
};

static const struct step asked_of_gateway = {MEDIATION, GATEWAY, REFER, "two",
                                             "1 REFER", 0,       TO_BOB};

static const struct step call_of_bob[] = {
    {MEDIATION, POOL, INVITE_BOB, "four", "1 INVITE", GATEWAY, NULL},
    {POOL, BOB, INVITE_BOB, "four", "1 INVITE", GATEWAY, NULL},
    {BOB, POOL, OK, "four", "1 INVITE", BOB, NULL},
    {POOL, MEDIATION, OK, "four", "1 INVITE", BOB, NULL},
};

#define SAY_ALL(stage, steps) say_all(stage, steps, DS_COUNT(steps))

static void who_was_asked_begins_a_call_that_continues_the_first(void **state)
{
    char label[64];
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, asked_of_mediation);
    SAY_ALL(&stage, call_of_bob);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 2);
    assert_null(trace->calls[0].continues);
    assert_ptr_equal(trace->calls[1].continues, &trace->calls[0]);
    assert_ptr_equal(trace->calls[0].continued_by, &trace->calls[1]);
    assert_string_equal(trace->calls[1].refer->to_node->name, "mediation");
    assert_string_equal(trace->calls[1].from_node->name, "mediation");
    assert_string_equal(trace->calls[1].to_node->name, "bob");
    assert_string_equal(trace->legs[2].refer->from_node->name, "alice");
    assert_null(trace->legs[0].refer);
    ds_event_label(trace->legs[2].refer, label, sizeof label);
    assert_string_equal(label, "REFER " OF_BOB);
    stage_close(&stage);
}

/* The Mediation Server was asked too, and passed it on: what comes to it then goes on from there.
 */
static void who_passes_the_refer_on_begins_nothing(void **state)
{
    static const struct step onwards = {GATEWAY,    MEDIATION, INVITE_BOB, "five",
                                        "1 INVITE", GATEWAY,   NULL};
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, asked_of_mediation);
    say(&stage, &asked_of_gateway);
    say(&stage, &onwards);
    SAY_ALL(&stage, call_of_bob);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 2);
    assert_int_equal(trace->calls[1].leg_count, 2);
    assert_string_equal(trace->calls[1].from_node->name, "gateway");
    assert_string_equal(trace->calls[1].refer->to_node->name, "gateway");
    stage_close(&stage);
}

static void a_refer_asks_for_one_call_to_its_target(void **state)
{
    static const struct step to_alice = {MEDIATION,  POOL, INVITE_ALICE, "five",
                                         "1 INVITE", 0,    NULL};
    static const struct step again = {MEDIATION, POOL, INVITE_BOB, "six", "1 INVITE", 0, NULL};
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, asked_of_mediation);
    say(&stage, &to_alice);
    SAY_ALL(&stage, call_of_bob);
    say(&stage, &again);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 4);
    assert_null(trace->calls[1].continues);
    assert_ptr_equal(trace->calls[2].continues, &trace->calls[0]);
    assert_null(trace->calls[3].continues);
    stage_close(&stage);
}

static void a_target_that_refuses_continues_nothing(void **state)
{
    static const struct step busy[] = {
        {MEDIATION, POOL, INVITE_BOB, "four", "1 INVITE", GATEWAY, NULL},
        {POOL, MEDIATION, "SIP/2.0 486 Busy Here", "four", "1 INVITE", 0, NULL},
    };
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, asked_of_mediation);
    SAY_ALL(&stage, busy);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_ptr_equal(trace->calls[1].continues, &trace->calls[0]);
    assert_null(trace->calls[0].continued_by);
    stage_close(&stage);
}

/* ---- in the place of one in a call that is up ---- */

#define INVITE_PSTN "INVITE sip:" OF_PSTN "@b.example SIP/2.0"
#define TO_PSTN     "Refer-To: <sip:" OF_PSTN "@contoso.example;user=phone>\r\n"

/* Alice asks somebody in the PSTN. */
static const struct step question[] = {
    {ALICE, POOL, INVITE_PSTN, "six", "1 INVITE", ALICE, NULL},
    {POOL, MEDIATION, INVITE_PSTN, "six", "1 INVITE", ALICE, NULL},
    {MEDIATION, GATEWAY, INVITE_PSTN, "seven", "1 INVITE", ALICE, NULL},
    {GATEWAY, PSTN, INVITE_PSTN, "eight", "1 INVITE", GATEWAY, NULL},
    {PSTN, GATEWAY, OK, "eight", "1 INVITE", PSTN, NULL},
    {GATEWAY, MEDIATION, OK, "seven", "1 INVITE", GATEWAY, NULL},
    {MEDIATION, POOL, OK, "six", "1 INVITE", GATEWAY, NULL},
    {POOL, ALICE, OK, "six", "1 INVITE", GATEWAY, NULL},
};

static const struct step in_her_place[] = {
    {MEDIATION, GATEWAY, REFER, "two", "1 REFER", 0, TO_PSTN},
    {GATEWAY, MEDIATION, INVITE_PSTN, "nine", "1 INVITE", GATEWAY,
     "Replaces: six;to-tag=t;from-tag=f\r\n"},
    {MEDIATION, GATEWAY, OK, "nine", "1 INVITE", GATEWAY, NULL},
    {MEDIATION, POOL, "BYE sip:x@b.example SIP/2.0", "six", "2 BYE", 0, NULL},
};

static void who_takes_a_place_goes_on_with_what_lies_behind_it(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, question);
    SAY_ALL(&stage, in_her_place);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 3);
    const struct ds_call *call = &trace->calls[2], *joined = &trace->calls[1];
    assert_ptr_equal(call->continues, &trace->calls[0]);
    assert_ptr_equal(joined->continued_by, call);
    assert_ptr_equal(trace->calls[0].continued_by, call);
    assert_non_null(call->replaces);
    assert_ptr_equal(call->replaces->call, joined);
    for (size_t i = 0; i < joined->leg_count; i++)
        assert_int_equal(ds_leg_stays(joined, joined->legs[i]),
                         !ds_slice_equal(joined->legs[i]->call_id, DS_LITERAL("six")));
    stage_close(&stage);
}

/* Nobody stays behind a client. */
static void who_answers_for_all_of_a_call_goes_on_with_nothing(void **state)
{
    static const struct step steps[] = {
        {ALICE, POOL, INVITE_BOB, "six", "1 INVITE", ALICE, NULL},
        {POOL, BOB, INVITE_BOB, "six", "1 INVITE", ALICE, NULL},
        {BOB, POOL, OK, "six", "1 INVITE", BOB, NULL},
        {POOL, ALICE, OK, "six", "1 INVITE", BOB, NULL},
        {ALICE, POOL, REFER, "three", "1 REFER", 0, TO_BOB},
        {POOL, MEDIATION, REFER, "three", "1 REFER", 0, TO_BOB},
        {MEDIATION, POOL, INVITE_BOB, "nine", "1 INVITE", GATEWAY,
         "Replaces: six;to-tag=t;from-tag=f\r\n"},
        {POOL, BOB, INVITE_BOB, "nine", "1 INVITE", GATEWAY, NULL},
        {BOB, POOL, OK, "nine", "1 INVITE", BOB, NULL},
        {POOL, MEDIATION, OK, "nine", "1 INVITE", BOB, NULL},
    };
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, steps);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 3);
    assert_ptr_equal(trace->calls[2].continues, &trace->calls[0]);
    assert_null(trace->calls[2].replaces);
    assert_null(trace->calls[1].continued_by);
    stage_close(&stage);
}

#define OF_ALICES "Replaces: three;to-tag=t;from-tag=f\r\n"

static const struct step call_instead_of_alices[] = {
    {BOB, POOL, INVITE_PSTN, "five", "1 INVITE", BOB, OF_ALICES},
    {POOL, MEDIATION, INVITE_PSTN, "five", "1 INVITE", BOB, OF_ALICES},
    {MEDIATION, POOL, OK, "five", "1 INVITE", MEDIATION, NULL},
    {POOL, BOB, OK, "five", "1 INVITE", MEDIATION, NULL},
};

static void who_takes_the_place_of_a_leg_goes_on_with_the_others(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, call_instead_of_alices);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 2);
    const struct ds_call *first = &trace->calls[0], *second = &trace->calls[1];
    assert_ptr_equal(second->replaces, &trace->legs[2]);
    assert_ptr_equal(first->continued_by, second);
    assert_null(second->continues);
    assert_true(ds_leg_stays(first, &trace->legs[0]));
    assert_true(ds_leg_stays(first, &trace->legs[1]));
    assert_false(ds_leg_stays(first, &trace->legs[2]));
    assert_false(ds_leg_stays(second, &trace->legs[3]));
    stage_close(&stage);
}

/* Whoever was asked for it by then: a REFER on a leg that went on. */
static void a_later_refer_continues_the_latest(void **state)
{
    static const struct step onwards = {GATEWAY,    MEDIATION, INVITE_BOB, "six",
                                        "1 INVITE", GATEWAY,   NULL};
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, call_instead_of_alices);
    say(&stage, &asked_of_gateway);
    say(&stage, &onwards);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 3);
    assert_ptr_equal(trace->calls[2].continues, &trace->calls[1]);
    assert_true(ds_leg_stays(&trace->calls[0], &trace->legs[1]));
    stage_close(&stage);
}

/* At its far end a call that takes another's place is whole by itself; so it is where it fails. */
static void a_call_of_its_own_replaces_no_leg(void **state)
{
    static const struct step at_alice[] = {
        {BOB, POOL, INVITE_ALICE, "five", "1 INVITE", BOB, OF_ALICES},
        {POOL, ALICE, INVITE_ALICE, "five", "1 INVITE", BOB, OF_ALICES},
        {ALICE, POOL, OK, "five", "1 INVITE", ALICE, NULL},
        {POOL, BOB, OK, "five", "1 INVITE", ALICE, NULL},
    };
    static const struct step refused[] = {
        {BOB, POOL, INVITE_PSTN, "six", "1 INVITE", BOB, OF_ALICES},
        {POOL, MEDIATION, INVITE_PSTN, "six", "1 INVITE", BOB, OF_ALICES},
        {MEDIATION, POOL, "SIP/2.0 481 Gone", "six", "1 INVITE", 0, NULL},
        {POOL, BOB, "SIP/2.0 481 Gone", "six", "1 INVITE", 0, NULL},
    };
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    SAY_ALL(&stage, at_alice);
    SAY_ALL(&stage, refused);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 3);
    assert_null(trace->calls[1].replaces);
    assert_null(trace->calls[2].replaces);
    assert_null(trace->calls[0].continued_by);
    stage_close(&stage);
}

/* ---- audio ---- */

static struct stage_talk voice(uint32_t from, uint32_t to, uint32_t ssrc)
{
    return (struct stage_talk){.from = STAGE_ADDR(from, (uint16_t)(10000 + 2 * from)),
                               .to = STAGE_ADDR(to, (uint16_t)(10000 + 2 * to)),
                               .ssrc = ssrc};
}

static bool has(const struct ds_call *call, uint32_t ssrc)
{
    for (size_t i = 0; i < call->flow_count; i++)
        if (call->flows[i]->ssrc == ssrc)
            return true;
    return false;
}

/* Bob is heard before the Mediation Server hears that he has answered, and Alice until she leaves.
 */
static void audio_belongs_to_the_call_in_which_it_is_heard(void **state)
{
    struct stage stage;
    struct deployment deployment;
    static const struct step bye = {ALICE, POOL, "BYE sip:x@b.example SIP/2.0", "three", "2 BYE",
                                    0,     NULL};
    struct stage_talk stays = voice(PSTN, GATEWAY, 1), leaves = voice(GATEWAY, PSTN, 2),
                      comes = voice(GATEWAY, PSTN, 3);
    (void)state;
    stage_open(&stage);
    SAY_ALL(&stage, call_of_alice);
    stage_talk(&stage, &stays, 10);
    stage_talk(&stage, &leaves, 10);
    SAY_ALL(&stage, asked_of_mediation);
    say_all(&stage, call_of_bob, 3);
    stage_talk(&stage, &comes, 10);
    say(&stage, &call_of_bob[3]);
    stage_talk(&stage, &leaves, 10);
    say(&stage, &bye);
    stage_talk(&stage, &stays, 10);
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->flow_count, 3);
    const struct ds_call *first = &trace->calls[0], *second = &trace->calls[1];
    assert_true(has(first, 1) && has(first, 2) && !has(first, 3));
    assert_true(has(second, 1) && !has(second, 2) && has(second, 3));
    assert_ptr_equal(trace->flows[0].call, first);
    stage_close(&stage);
}

int test_transfers(void);

int test_transfers(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_asked_begins_a_call_that_continues_the_first),
        cmocka_unit_test(who_passes_the_refer_on_begins_nothing),
        cmocka_unit_test(a_refer_asks_for_one_call_to_its_target),
        cmocka_unit_test(a_target_that_refuses_continues_nothing),
        cmocka_unit_test(who_takes_a_place_goes_on_with_what_lies_behind_it),
        cmocka_unit_test(who_answers_for_all_of_a_call_goes_on_with_nothing),
        cmocka_unit_test(who_takes_the_place_of_a_leg_goes_on_with_the_others),
        cmocka_unit_test(a_later_refer_continues_the_latest),
        cmocka_unit_test(a_call_of_its_own_replaces_no_leg),
        cmocka_unit_test(audio_belongs_to_the_call_in_which_it_is_heard),
    };
    return cmocka_run_group_tests_name("transfers", tests, NULL, NULL);
}
