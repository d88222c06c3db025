#include "paper.h"
#include "stage.h"

#define GATEWAY   STAGE_ADDR(1, 5060)
#define MEDIATION STAGE_ADDR(2, 5060)

static void ask(struct stage *stage, struct stage_line line)
{
    stage_say(stage, GATEWAY, MEDIATION, &line);
}

static void answer(struct stage *stage, struct stage_line line)
{
    line.to_tag = "t";
    stage_say(stage, MEDIATION, GATEWAY, &line);
}

/* A call with a repeated INVITE, then a message outside it. */
static const struct ds_trace *play(struct stage *stage)
{
    const struct stage_line invite = {.start = "INVITE sip:+15550142@b SIP/2.0"};
    const struct ds_topo_node nodes[] = {
        {.name = "gateway", .role = DS_ROLE_GATEWAY, .at = STAGE_ADDR(1, 0)},
        {.name = "mediation", .role = DS_ROLE_MEDIATION, .at = STAGE_ADDR(2, 0)}};
    static struct ds_topo_node kept[DS_COUNT(nodes)];
    memcpy(kept, nodes, sizeof nodes);
    static const struct ds_topo topo = {.nodes = kept, .node_count = DS_COUNT(nodes)};
    stage_open(stage);
    ask(stage, invite);
    ask(stage, invite);
    answer(stage, (struct stage_line){.start = "SIP/2.0 200 OK"});
    ask(stage, (struct stage_line){.start = "ACK sip:b SIP/2.0", .cseq = "1 ACK", .to_tag = "t"});
    stage->at = 3000000;
    ask(stage, (struct stage_line){.start = "BYE sip:b SIP/2.0", .cseq = "2 BYE", .to_tag = "t"});
    answer(stage, (struct stage_line){.start = "SIP/2.0 200 OK", .cseq = "2 BYE"});
    ask(stage, (struct stage_line){.start = "OPTIONS sip:b SIP/2.0",
                                   .call_id = "call-2",
                                   .cseq = "1 OPTIONS",
                                   .branch = "two"});
    return stage_read(stage, &topo);
}

static void a_call_is_told_arrow_by_arrow(void **state)
{
    const struct ds_ladder_style style = {.numbers = true};
    struct stage stage;
    struct ds_buf out = {0};
    (void)state;
    const struct ds_trace *trace = play(&stage);
    ds_ladder_print(trace, &trace->calls[0], &style, &out);
    assert_string_equal(
        out.at, "Call 1  +15550100 -> +15550142  was answered after 0.002 s, cleared by gateway "
                "after 3.000 s\n"
                "  #1        0.000  gateway   -> mediation : INVITE +15550142\n"
                "  #2        0.001  gateway   -> mediation : INVITE +15550142 (again)\n"
                "  #3        0.002  mediation -> gateway   : 200\n"
                "  #4        0.003  gateway   -> mediation : ACK\n"
                "  #5        3.000  gateway   -> mediation : BYE\n"
                "  #6        3.001  mediation -> gateway   : 200 (BYE)\n");
    ds_buf_clean_up(&out);
    stage_close(&stage);
}

static void a_narrow_ladder_is_cut(void **state)
{
    const struct ds_ladder_style style = {.width = 30};
    struct stage stage;
    struct ds_buf out = {0};
    (void)state;
    const struct ds_trace *trace = play(&stage);
    ds_ladder_print(trace, &trace->calls[0], &style, &out);
    assert_has(out.at, "\n  gateway   -> mediation : IN…\n");
    assert_has(out.at, "\n  gateway   -> mediation : ACK\n");
    ds_buf_clean_up(&out);
    stage_close(&stage);
}

static void what_is_outside_calls_is_told_too(void **state)
{
    const struct ds_ladder_style style = {0};
    struct stage stage;
    struct ds_buf out = {0};
    (void)state;
    ds_ladder_print_rest(play(&stage), &style, &out);
    assert_has(out.at, "Outside calls  call-2\n  gateway -> mediation : OPTIONS");
    assert_lacks(out.at, "INVITE");
    ds_buf_clean_up(&out);
    stage_close(&stage);
}

static void colours_tell_legs_apart(void **state)
{
    const struct ds_ladder_style style = {.colour = true};
    struct stage stage;
    struct ds_buf out = {0};
    (void)state;
    const struct ds_trace *trace = play(&stage);
    ds_ladder_print(trace, &trace->calls[0], &style, &out);
    assert_int_equal(paper_count(out.at, "\033[36m"), 6);
    assert_int_equal(paper_count(out.at, "\033[0m\n"), 6);
    ds_buf_clean_up(&out);
    stage_close(&stage);
}

int test_ladder(void);

int test_ladder(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_told_arrow_by_arrow),
        cmocka_unit_test(a_narrow_ladder_is_cut),
        cmocka_unit_test(what_is_outside_calls_is_told_too),
        cmocka_unit_test(colours_tell_legs_apart),
    };
    return cmocka_run_group_tests_name("ladder", tests, NULL, NULL);
}
