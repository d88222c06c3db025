#include "stage.h"

/* Names that a capture has itself. */

int test_names(void);

#define A STAGE_ADDR(1, 5060)
#define B STAGE_ADDR(2, 5060)
#define C STAGE_ADDR(3, 5060)

static void call_between(struct stage *stage, struct ds_addr from, struct ds_addr to)
{
    const struct stage_line invite = {.start = "INVITE sip:+15550142@b SIP/2.0"};
    const struct stage_line busy = {.start = "SIP/2.0 486 Busy Here", .to_tag = "t"};
    stage_say(stage, from, to, &invite);
    stage_say(stage, to, from, &busy);
}

static const char *name_of(const struct ds_topo_node *node)
{
    return node == NULL ? "" : node->name;
}

/* What the ends of a call from A to B are called, where the capture has these names. */
static void assert_names(const struct ds_pcap_name *names,
                         size_t count,
                         const struct ds_topo *topo,
                         const char *from,
                         const char *to)
{
    struct stage stage;
    stage_open_named(&stage, names, count);
    call_between(&stage, A, B);
    const struct ds_trace *trace = stage_read(&stage, topo);
    assert_int_equal(trace->call_count, 1);
    const struct ds_call *call = &trace->calls[0];
    assert_string_equal(name_of(call->from_node), from);
    assert_string_equal(name_of(call->to_node), to);
    assert_string_equal(name_of(call->hops[0].to_node), to);
    assert_string_equal(name_of(trace->events[1].from_node), to);
    stage_close(&stage);
}

static void names_of_the_capture_stand_for_elements(void **state)
{
    const struct ds_pcap_name names[] = {{A, "phone"}, {B, "gateway.example"}, {C, "else"}};
    (void)state;
    assert_names(names, 3, NULL, "phone", "gateway.example");
    assert_names(names, 1, NULL, "phone", "");
    assert_names(names, 0, NULL, "", "");
}

static void a_topology_knows_better(void **state)
{
    const struct ds_pcap_name names[] = {{A, "phone"}, {B, "gateway"}};
    const struct ds_topo_node nodes[] = {
        {.name = "pbx", .role = DS_ROLE_PBX, .at = STAGE_ADDR(1, 0)}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 1};
    (void)state;
    assert_names(names, 2, &topo, "pbx", "");
}

static void names_that_mislead_are_none(void **state)
{
    const struct ds_pcap_name hostile[] = {{A, "\033[2J"}, {B, "a b"}};
    const struct ds_pcap_name shared[] = {{A, "sbc"}, {B, "sbc"}};
    const struct ds_pcap_name twice[] = {{A, "first"}, {A, "second"}, {B, "b"}};
    (void)state;
    assert_names(hostile, 2, NULL, "", "");
    assert_names(shared, 2, NULL, "", "");
    assert_names(twice, 3, NULL, "first", "b");
}

static void a_host_that_talks_to_itself_keeps_its_ports(void **state)
{
    const struct ds_pcap_name names[] = {{A, "server"}};
    struct stage stage;
    (void)state;
    stage_open_named(&stage, names, 1);
    call_between(&stage, A, STAGE_ADDR(1, 5070));
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_null(trace->calls[0].from_node);
    assert_null(trace->events[0].to_node);
    stage_close(&stage);
}

int test_names(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_the_capture_stand_for_elements),
        cmocka_unit_test(a_topology_knows_better),
        cmocka_unit_test(names_that_mislead_are_none),
        cmocka_unit_test(a_host_that_talks_to_itself_keeps_its_ports),
    };
    return cmocka_run_group_tests_name("trace: names", tests, NULL, NULL);
}
