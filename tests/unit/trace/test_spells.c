#include "stage.h"

/* What is said at a voice mail server, voice after voice. */

#define FRAME  160
#define UM     STAGE_ADDR(1, 3000)
#define BOB    STAGE_ADDR(2, 3000)
#define ALICE  STAGE_ADDR(3, 3000)
#define OF_UM  550
#define OF_BOB 400

struct talker {
    struct stage *stage;
    struct ds_addr from, to;
    uint16_t sequence;
};

static void say(struct talker *talker, uint32_t tone_hz, size_t packets)
{
    struct ds_tone tone = {.frequency_hz = tone_hz};
    for (size_t i = 0; i < packets; i++) {
        uint8_t payload[FRAME], bytes[FRAME + DS_RTP_HEADER_BYTES];
        ds_tone_fill(&tone, DS_PT_PCMU, payload, FRAME);
        const struct ds_rtp rtp = {.sequence = talker->sequence,
                                   .timestamp = (uint32_t)talker->sequence * FRAME,
                                   .ssrc = 1,
                                   .payload = {(const char *)payload, FRAME}};
        size_t len = ds_rtp_write(&rtp, bytes, sizeof bytes);
        stage_udp(talker->stage, talker->from, talker->to, (struct ds_slice){(char *)bytes, len});
        talker->sequence++;
    }
}

/* Three elements, of which one may be a server; to outlive the trace. */
struct deployment {
    struct ds_topo_node nodes[3];
    struct ds_topo topo;
};

static void deploy(struct deployment *deployment, size_t servers)
{
    struct ds_topo_node *nodes = deployment->nodes;
    nodes[0] = (struct ds_topo_node){.name = "alice", .role = DS_ROLE_CLIENT, .at = ALICE};
    nodes[1] = (struct ds_topo_node){.name = "bob", .role = DS_ROLE_CLIENT, .at = BOB};
    nodes[2] = (struct ds_topo_node){.name = "um", .role = DS_ROLE_UM, .at = UM};
    nodes[0].tone_hz = 700;
    nodes[1].tone_hz = OF_BOB;
    nodes[2].tone_hz = OF_UM;
    deployment->topo =
        (struct ds_topo){.nodes = nodes,
                         .node_count = 3,
                         .voice_mail = {.servers = {&nodes[2]}, .server_count = servers}};
}

/* Bob's voice, a pause, and then the server's. */
static const struct ds_flow *
talk(struct stage *stage, const struct deployment *deployment, struct ds_addr to)
{
    struct talker bob = {.stage = stage, .from = BOB, .to = to};
    stage_open(stage);
    say(&bob, OF_BOB, 5);
    say(&bob, 0, 2);
    say(&bob, OF_UM, 3);
    const struct ds_trace *trace = stage_read(stage, &deployment->topo);
    assert_int_equal(trace->flow_count, 1);
    return &trace->flows[0];
}

static void voices_are_told_one_after_the_other(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    deploy(&deployment, 1);
    const struct ds_flow *flow = talk(&stage, &deployment, UM);
    assert_int_equal(flow->spell_count, 3);
    assert_int_equal(flow->spells[0].tone_hz, OF_BOB);
    assert_int_equal(flow->spells[0].samples, 5 * FRAME);
    assert_int_equal(flow->spells[0].first_frame, flow->first_frame);
    assert_int_equal(flow->spells[1].tone_hz, 0);
    assert_int_equal(flow->spells[1].samples, 2 * FRAME);
    assert_int_equal(flow->spells[2].tone_hz, OF_UM);
    assert_int_equal(flow->spells[2].last_at, flow->last_at);
    stage_close(&stage);
}

static void nobody_else_is_listened_to_so_closely(void **state)
{
    struct stage stage;
    struct deployment deployment;
    (void)state;
    deploy(&deployment, 1);
    assert_int_equal(talk(&stage, &deployment, ALICE)->spell_count, 0);
    stage_close(&stage);
    deploy(&deployment, 0);
    assert_int_equal(talk(&stage, &deployment, UM)->spell_count, 0);
    stage_close(&stage);
}

int test_spells(void);

int test_spells(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(voices_are_told_one_after_the_other),
        cmocka_unit_test(nobody_else_is_listened_to_so_closely),
    };
    return cmocka_run_group_tests_name("spells", tests, NULL, NULL);
}
