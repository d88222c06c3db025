#include "stage.h"

#define FRAME 160
#define FAX   STAGE_ADDR(1, 0)
#define PSTN  STAGE_ADDR(2, 0)

/* A page from the pstn to a fax machine: its lines as G.711, and T.38 between two gateways, all of
 * it in one capture. */
struct fax {
    struct stage stage;
    struct ds_fax_page page;
    struct ds_fax_machine *caller, *called;
    struct ds_fax_relay *near, *far;
    uint16_t sequences[2], frames;
    size_t lose; /* this packet of the caller's gateway, counted from 1, is not captured */
};

static void packet(struct fax *fax, size_t way, struct ds_slice ifp)
{
    uint8_t bytes[600];
    const struct ds_udptl udptl = {.sequence = fax->sequences[way]++, .ifp = ifp};
    size_t len = ds_udptl_write(&udptl, bytes, sizeof bytes);
    ds_fax_relay_take(way == 0 ? fax->far : fax->near, ifp, udptl.sequence);
    if (way == 0 && fax->sequences[0] == fax->lose)
        return;
    stage_udp(&fax->stage, STAGE_ADDR(3 + way, 4000), STAGE_ADDR(4 - way, 4000),
              (struct ds_slice){(const char *)bytes, len});
}

static void from_near(void *owner, struct ds_slice ifp)
{
    packet(owner, 0, ifp);
}

static void from_far(void *owner, struct ds_slice ifp)
{
    packet(owner, 1, ifp);
}

static void
audio(struct fax *fax, struct ds_addr from, struct ds_addr to, const int16_t *samples, bool ours)
{
    uint8_t payload[FRAME], bytes[FRAME + DS_RTP_HEADER_BYTES];
    for (size_t i = 0; i < FRAME; i++)
        payload[i] = ds_g711_encode(DS_PT_PCMU, samples[i]);
    const struct ds_rtp rtp = {.sequence = fax->frames,
                               .timestamp = fax->frames * FRAME,
                               .ssrc = ours,
                               .payload = {(const char *)payload, FRAME}};
    size_t len = ds_rtp_write(&rtp, bytes, sizeof bytes);
    from.port = to.port = 3000;
    stage_udp(&fax->stage, from, to, (struct ds_slice){(const char *)bytes, len});
}

static void one_frame(struct fax *fax)
{
    int16_t there[FRAME], back[FRAME];
    ds_fax_machine_say(fax->caller, there, FRAME);
    ds_fax_machine_say(fax->called, back, FRAME);
    audio(fax, PSTN, STAGE_ADDR(3, 0), there, true);
    audio(fax, FAX, STAGE_ADDR(4, 0), back, false);
    ds_fax_relay_hear(fax->near, there, FRAME);
    ds_fax_relay_hear(fax->far, back, FRAME);
    ds_fax_relay_say(fax->far, there, FRAME);
    ds_fax_relay_say(fax->near, back, FRAME);
    audio(fax, STAGE_ADDR(4, 0), FAX, there, true);
    ds_fax_machine_hear(fax->called, there, FRAME);
    ds_fax_machine_hear(fax->caller, back, FRAME);
    fax->frames++;
}

static const struct ds_trace *run(struct fax *fax, const struct ds_topo *topo)
{
    stage_open(&fax->stage);
    assert_int_equal(ds_fax_page_draw(&fax->page, 30, 3), DS_OK);
    assert_int_equal(ds_fax_machine_new(&fax->page, &fax->caller, NULL), DS_OK);
    assert_int_equal(ds_fax_machine_new(NULL, &fax->called, NULL), DS_OK);
    assert_int_equal(ds_fax_relay_new(from_near, fax, &fax->near), DS_OK);
    assert_int_equal(ds_fax_relay_new(from_far, fax, &fax->far), DS_OK);
    while (fax->frames < 1500 && ds_fax_machine_state(fax->called) == DS_FAX_BUSY)
        one_frame(fax);
    return stage_read(&fax->stage, topo);
}

static void close_all(struct fax *fax)
{
    ds_fax_machine_free(&fax->caller);
    ds_fax_machine_free(&fax->called);
    ds_fax_relay_free(&fax->near);
    ds_fax_relay_free(&fax->far);
    ds_fax_page_clean_up(&fax->page);
    stage_close(&fax->stage);
}

static void the_packets_of_a_fax_show_its_page(void **state)
{
    struct fax fax = {.frames = 0};
    (void)state;
    const struct ds_trace *trace = run(&fax, NULL);
    assert_int_equal(trace->fax_count, 2);
    assert_int_equal(trace->fax_line_count, 0); /* nobody knows whose the audio is */
    assert_int_equal(trace->faxes[0].copied_packets, 0);
    assert_true(trace->faxes[0].longest_bytes > 30);
    for (size_t i = 0; i < 2; i++) {
        const struct ds_fax_seen *seen = &trace->faxes[i];
        bool there = ds_addr_same_ip(seen->from, STAGE_ADDR(3, 0));
        assert_int_equal(seen->said->page_count, there ? 1 : 0);
        assert_int_equal(seen->said->confirmed, there ? 0 : 1);
        assert_false(seen->said->misses);
        if (there)
            assert_int_equal(ds_fax_page_differs(&seen->said->pages[0], &fax.page), 0);
    }
    close_all(&fax);
}

static void a_packet_that_is_missing_is_told(void **state)
{
    struct fax fax = {.lose = 30};
    (void)state;
    const struct ds_trace *trace = run(&fax, NULL);
    assert_true(trace->faxes[0].said->misses || trace->faxes[1].said->misses);
    close_all(&fax);
}

static void the_lines_of_its_machines_show_its_page(void **state)
{
    struct fax fax = {.frames = 0};
    const struct ds_topo_node nodes[] = {
        {.name = "fax", .role = DS_ROLE_FAX, .at = FAX},
        {.name = "pstn", .role = DS_ROLE_PSTN, .at = PSTN},
    };
    const struct ds_topo topo = {.nodes = nodes, .node_count = DS_COUNT(nodes)};
    size_t pages = 0;
    (void)state;
    const struct ds_trace *trace = run(&fax, &topo);
    assert_int_equal(trace->fax_line_count, 3);
    for (size_t i = 0; i < trace->fax_line_count; i++) {
        const struct ds_fax_said *said = trace->fax_lines[i].said;
        pages += said->page_count;
        if (said->page_count > 0)
            assert_int_equal(ds_fax_page_differs(&said->pages[0], &fax.page), 0);
    }
    assert_int_equal(pages, 2);
    close_all(&fax);
}

int test_fax_pages(void);

int test_fax_pages(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_packets_of_a_fax_show_its_page),
        cmocka_unit_test(a_packet_that_is_missing_is_told),
        cmocka_unit_test(the_lines_of_its_machines_show_its_page),
    };
    return cmocka_run_group_tests_name("fax_pages", tests, NULL, NULL);
}
