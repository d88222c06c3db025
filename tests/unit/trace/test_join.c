#include "stage.h"

#include <stdio.h>
#include <string.h>

/* Phone, PBX, gateway, Mediation Server, pool and client stand at 1 to 6. */

static const struct {
    const char *name;
    enum ds_role_kind role;
} elements[] = {{"phone", DS_ROLE_PHONE},     {"pbx", DS_ROLE_PBX},
                {"gateway", DS_ROLE_GATEWAY}, {"mediation", DS_ROLE_MEDIATION},
                {"pool", DS_ROLE_POOL},       {"client", DS_ROLE_CLIENT}};

enum { PHONE = 1, PBX, GATEWAY, MEDIATION, POOL, CLIENT };

struct deployment {
    struct ds_topo_node nodes[DS_COUNT(elements)];
    struct ds_topo topo;
};

static void deploy(struct deployment *deployment)
{
    *deployment = (struct deployment){0};
    for (size_t i = 0; i < DS_COUNT(elements); i++) {
        deployment->nodes[i].name = elements[i].name;
        deployment->nodes[i].role = elements[i].role;
        deployment->nodes[i].at = STAGE_ADDR((uint32_t)i + 1, 0);
    }
    deployment->topo =
        (struct ds_topo){.nodes = deployment->nodes, .node_count = DS_COUNT(elements)};
}

struct dial {
    uint32_t from, to;
    const char *call_id, *number, *caller;
};

/* Each INVITE leaves from a port of its own, as over TCP. */
static void dial(struct stage *stage, struct dial dial)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    char start[80], branch[2] = {letters[stage->at / 1000 % 26], '\0'};
    snprintf(start, sizeof start, "INVITE sip:%s@b.example SIP/2.0", dial.number);
    const struct stage_line line = {
        .start = start, .call_id = dial.call_id, .branch = branch, .from = dial.caller};
    stage_say(stage, STAGE_ADDR(dial.from, (uint16_t)(40000 + stage->at / 1000)),
              STAGE_ADDR(dial.to, 5060), &line);
}

/* Refuses the INVITE that was dialled `ago` frames ago. */
static void refuse(struct stage *stage, struct dial dial, int ago)
{
    int64_t frame = stage->at / 1000 - ago;
    char branch[2] = {(char)('a' + frame % 26), '\0'};
    const struct stage_line line = {.start = "SIP/2.0 503 Service Unavailable",
                                    .call_id = dial.call_id,
                                    .branch = branch,
                                    .to_tag = "t"};
    stage_say(stage, STAGE_ADDR(dial.to, 5060), STAGE_ADDR(dial.from, (uint16_t)(40000 + frame)),
              &line);
}

static const struct ds_trace *finish(struct stage *stage, struct deployment *deployment)
{
    deploy(deployment);
    return stage_read(stage, &deployment->topo);
}

static void legs_are_joined_across_back_to_back_user_agents(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){PHONE, PBX, "one", "0015550142", "4711"});
    dial(&stage, (struct dial){PBX, GATEWAY, "two", "15550142", "4711"});
    dial(&stage, (struct dial){GATEWAY, MEDIATION, "three", "+15550142", "+4711"});
    dial(&stage, (struct dial){MEDIATION, POOL, "four", "+15550142", "+4711"});
    dial(&stage, (struct dial){POOL, CLIENT, "four", "+15550142", "+4711"});
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 1);
    assert_int_equal(trace->calls[0].leg_count, 4);
    assert_int_equal(trace->calls[0].hop_count, 5);
    assert_int_equal(trace->calls[0].event_count, 5);
    assert_false(trace->calls[0].ambiguous);
    assert_string_equal(trace->calls[0].from_node->name, "phone");
    assert_string_equal(trace->calls[0].to_node->name, "client");
    assert_string_equal(trace->calls[0].to_number, "0015550142");
    stage_close(&stage);
}

static void one_call_id_may_leave_an_element_and_come_back_to_it(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){PBX, MEDIATION, "one", "+15550142", "4711"});
    dial(&stage, (struct dial){MEDIATION, POOL, "two", "+15550142", "4711"});
    dial(&stage, (struct dial){POOL, MEDIATION, "two", "+15550142", "4711"});
    dial(&stage, (struct dial){MEDIATION, GATEWAY, "three", "+15550142", "4711"});
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 1);
    assert_int_equal(trace->calls[0].leg_count, 3);
    assert_false(trace->calls[0].ambiguous);
    stage_close(&stage);
}

static void the_caller_decides_where_the_numbers_dialled_differ(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){PHONE, PBX, "one", "9", "+15550111"});
    dial(&stage, (struct dial){PHONE, PBX, "other", "9", "+15550222"});
    dial(&stage, (struct dial){PBX, GATEWAY, "two", "+15550142", "+15550222"});
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 2);
    assert_ptr_equal(trace->legs[2].call, trace->legs[1].call);
    assert_false(trace->calls[1].ambiguous);
    stage_close(&stage);
}

static void other_numbers_are_other_calls(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){PHONE, PBX, "one", "+15550142", "+15550111"});
    dial(&stage, (struct dial){PBX, GATEWAY, "two", "+15559999", "+15550222"});
    assert_int_equal(finish(&stage, &deployment)->call_count, 2);
    stage_close(&stage);
}

static void equal_calls_at_once_are_each_continued_once(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){PBX, MEDIATION, "a1", "+15550142", "4711"});
    dial(&stage, (struct dial){PBX, MEDIATION, "a2", "+15550142", "4711"});
    dial(&stage, (struct dial){MEDIATION, POOL, "b1", "+15550142", "4711"});
    dial(&stage, (struct dial){MEDIATION, POOL, "b2", "+15550142", "4711"});
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 2);
    assert_ptr_equal(trace->legs[2].call, trace->legs[0].call);
    assert_ptr_equal(trace->legs[3].call, trace->legs[1].call);
    assert_true(trace->calls[0].ambiguous);
    assert_non_null(strstr(trace->calls[0].remark, "frame 3"));
    assert_non_null(strstr(trace->calls[0].remark, "mediation"));
    assert_false(trace->calls[1].ambiguous);
    stage_close(&stage);
}

static void a_second_attempt_after_a_refusal_continues_the_same_call(void **state)
{
    const struct dial first = {MEDIATION, GATEWAY, "two", "+15550142", "4711"};
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){POOL, MEDIATION, "one", "+15550142", "4711"});
    dial(&stage, first);
    refuse(&stage, first, 1);
    dial(&stage, (struct dial){MEDIATION, PBX, "three", "+15550142", "4711"});
    const struct ds_trace *trace = finish(&stage, &deployment);
    assert_int_equal(trace->call_count, 1);
    assert_int_equal(trace->calls[0].leg_count, 3);
    assert_int_equal(trace->calls[0].hops[1].final_status, 503);
    assert_string_equal(trace->calls[0].to_node->name, "pbx");
    stage_close(&stage);
}

static void a_call_that_was_refused_before_is_not_continued(void **state)
{
    const struct dial first = {PHONE, PBX, "one", "+15550142", "4711"};
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, first);
    refuse(&stage, first, 1);
    dial(&stage, (struct dial){PBX, GATEWAY, "two", "+15550142", "4711"});
    assert_int_equal(finish(&stage, &deployment)->call_count, 2);
    stage_close(&stage);
}

static void proxies_and_ends_continue_nothing_under_another_call_id(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){CLIENT, POOL, "one", "+15550142", "4711"});
    dial(&stage, (struct dial){POOL, MEDIATION, "two", "+15550142", "4711"});
    assert_int_equal(finish(&stage, &deployment)->call_count, 2);
    stage_close(&stage);
}

static void without_a_topology_the_host_that_was_called_goes_on(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){1, 2, "one", "+15550142", "4711"});
    dial(&stage, (struct dial){2, 3, "two", "+15550142", "4711"});
    dial(&stage, (struct dial){4, 3, "three", "+15550142", "4711"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->call_count, 2);
    assert_int_equal(trace->calls[0].leg_count, 2);
    stage_close(&stage);
}

static void a_host_that_talks_to_itself_is_told_apart_by_ports(void **state)
{
    const struct stage_line one = {.start = "INVITE sip:+15550142@b SIP/2.0", .call_id = "one"};
    const struct stage_line two = {.start = "INVITE sip:+15550142@b SIP/2.0", .call_id = "two"};
    const struct stage_line three = {.start = "INVITE sip:+15550142@b SIP/2.0", .call_id = "three"};
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(1, 5070), &one);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(1, 5070), &two);
    stage_say(&stage, STAGE_ADDR(1, 5070), STAGE_ADDR(1, 5080), &three);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->call_count, 2);
    assert_ptr_equal(trace->legs[2].call, trace->legs[0].call);
    assert_true(trace->calls[0].ambiguous);
    stage_close(&stage);
}

static void an_invite_that_waited_too_long_is_not_continued(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    stage_open(&stage);
    dial(&stage, (struct dial){PHONE, PBX, "one", "+15550142", "4711"});
    stage.at += 181000000;
    dial(&stage, (struct dial){PBX, GATEWAY, "two", "+15550142", "4711"});
    assert_int_equal(finish(&stage, &deployment)->call_count, 2);
    stage_close(&stage);
}

/* ---- across addresses ---- */

/* An INVITE between two hosts, with a header line of its own. */
struct leg_line {
    uint32_t from, to;
    const char *call_id, *number, *caller, *header;
};

static void invite(struct stage *stage, struct leg_line leg)
{
    char start[80];
    snprintf(start, sizeof start, "INVITE sip:%s@b SIP/2.0", leg.number);
    stage_say(stage, STAGE_ADDR(leg.from, 5060), STAGE_ADDR(leg.to, 5060),
              &(struct stage_line){.start = start,
                                   .call_id = leg.call_id,
                                   .branch = leg.call_id,
                                   .from = leg.caller,
                                   .more = leg.header});
}

/* How many calls two such legs make. The border element between them is reached at 2 and leaves
 * from `from`. */
static size_t calls_of(struct leg_line first, struct leg_line second, bool *ambiguous)
{
    struct stage stage;
    stage_open(&stage);
    invite(&stage, first);
    invite(&stage, second);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    size_t calls = trace->call_count;
    *ambiguous = trace->calls[0].ambiguous;
    stage_close(&stage);
    return calls;
}

#define SESSION "ab30317f1a784dc48ff824d0d3715d86"
#define NIL     "00000000000000000000000000000000"

static void headers_that_survive_join_legs_whatever_else_differs(void **state)
{
    static const struct {
        const char *first, *second;
        size_t calls;
    } cases[] = {
        {"Session-ID: " SESSION ";remote=" NIL "\r\n",
         "Session-ID: AB30317F1A784DC48FF824D0D3715D86;remote=" NIL "\r\n", 1},
        {"Session-ID: " SESSION "\r\n", "Session-ID: 1234;remote=" SESSION "\r\n", 1},
        {"Session-ID: " NIL "\r\n", "Session-ID: " NIL "\r\n", 2},
        {"Session-ID: " SESSION "\r\n", "Session-ID: 1234\r\n", 2},
        {"P-Charging-Vector: icid-value=\"x1\";orig-ioi=a\r\n",
         "P-Charging-Vector: icid-value=x1\r\n", 2},
        {"P-Charging-Vector: a;icid-value=\"x1\"\r\n", "P-Charging-Vector: b;icid-value=x1\r\n", 1},
        {"Cisco-Guid: 1-2-3-4\r\n", "Cisco-Guid: 1-2-3-4\r\n", 1},
        {"X-Other: 1\r\n", "X-CID: one\r\n", 1},
        {"X-Other: 1\r\n", "X-CID: ONE\r\n", 2},
        {"X-Other: 1\r\n", "X-Other: 1\r\n", 2},
    };

    bool ambiguous;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        const struct leg_line first = {1, 2, "one", "201", "4711", cases[i].first};
        const struct leg_line second = {3, 4, "two", "999", "4712", cases[i].second};
        assert_int_equal(calls_of(first, second, &ambiguous), cases[i].calls);
        assert_false(ambiguous);
    }
}

static void a_host_may_leave_from_another_address(void **state)
{
    const struct leg_line first = {1, 2, "one", "+14255550142", "+12065550100", NULL};
    struct leg_line second = {3, 4, "two", "+14255550142", "+12065550100", NULL};
    bool ambiguous;
    (void)state;
    assert_int_equal(calls_of(first, second, &ambiguous), 1);
    second.caller = "+12065550101";
    assert_int_equal(calls_of(first, second, &ambiguous), 2);
}

int test_join(void);

int test_join(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legs_are_joined_across_back_to_back_user_agents),
        cmocka_unit_test(one_call_id_may_leave_an_element_and_come_back_to_it),
        cmocka_unit_test(the_caller_decides_where_the_numbers_dialled_differ),
        cmocka_unit_test(other_numbers_are_other_calls),
        cmocka_unit_test(equal_calls_at_once_are_each_continued_once),
        cmocka_unit_test(a_second_attempt_after_a_refusal_continues_the_same_call),
        cmocka_unit_test(a_call_that_was_refused_before_is_not_continued),
        cmocka_unit_test(proxies_and_ends_continue_nothing_under_another_call_id),
        cmocka_unit_test(without_a_topology_the_host_that_was_called_goes_on),
        cmocka_unit_test(a_host_that_talks_to_itself_is_told_apart_by_ports),
        cmocka_unit_test(an_invite_that_waited_too_long_is_not_continued),
        cmocka_unit_test(headers_that_survive_join_legs_whatever_else_differs),
        cmocka_unit_test(a_host_may_leave_from_another_address),
    };
    return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
