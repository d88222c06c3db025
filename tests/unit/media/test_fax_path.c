#include "stage.h"

#include "fax.h"
#include "sim.h"

#include <stdio.h>

/* A fax machine at either end of a line each, and two gateways' media between: audio, packets,
 * audio. */
struct end {
    struct ds_media *machine_side, *line;
    struct ds_fax_machine *machine;
    struct ds_fax_path *path;
};

struct fax {
    struct stage stage;
    struct ds_fax_page page;
    struct end caller, called;
};

static void say(void *owner, int16_t *samples, size_t count)
{
    ds_fax_machine_say(owner, samples, count);
}

static void hear(void *owner, const int16_t *samples, size_t count)
{
    ds_fax_machine_hear(owner, samples, count);
}

static void open_end(struct stage *stage, const struct ds_fax_page *page, struct end *end)
{
    end->machine_side = stage_media(stage);
    end->line = stage_media(stage);
    aim_at(end->machine_side, ds_media_at(end->line), DS_SENDRECV);
    aim_at(end->line, ds_media_at(end->machine_side), DS_SENDRECV);
    assert_int_equal(ds_fax_machine_new(page, &end->machine, NULL), DS_OK);
    assert_int_equal(ds_fax_path_new(&stage->place, &end->path, NULL), DS_OK);
    const struct ds_media_sound sound = {.say = say, .hear = hear, .owner = end->machine};
    ds_media_set_sound(end->machine_side, &sound);
}

static int fax_begin(void **state)
{
    static struct fax fax;
    fax = (struct fax){.page = {{0}}};
    stage_open(&fax.stage, 5);
    assert_int_equal(ds_fax_page_draw(&fax.page, 40, 1), DS_OK);
    open_end(&fax.stage, &fax.page, &fax.caller);
    open_end(&fax.stage, NULL, &fax.called);
    *state = &fax;
    return 0;
}

static void close_end(struct end *end)
{
    ds_fax_path_free(&end->path);
    ds_media_free(&end->line);
    ds_media_free(&end->machine_side);
    ds_fax_machine_free(&end->machine);
}

static int fax_end(void **state)
{
    struct fax *fax = *state;
    close_end(&fax->caller);
    close_end(&fax->called);
    assert_int_equal(fax->stage.place.pairs_open, 0);
    ds_fax_page_clean_up(&fax->page);
    stage_close(&fax->stage);
    return 0;
}

static void open_paths(struct fax *fax, size_t copies)
{
    assert_int_equal(ds_fax_path_open(fax->caller.path, fax->caller.line,
                                      ds_fax_path_at(fax->called.path), copies),
                     DS_OK);
    assert_int_equal(ds_fax_path_open(fax->called.path, fax->called.line,
                                      ds_fax_path_at(fax->caller.path), copies),
                     DS_OK);
}

static void run_until_done(struct fax *fax)
{
    for (int i = 0; i < 60 && (ds_fax_machine_state(fax->called.machine) == DS_FAX_BUSY ||
                               ds_fax_machine_state(fax->caller.machine) == DS_FAX_BUSY);
         i++)
        stage_run(&fax->stage, DS_S);
}

static void a_page_goes_over_packets(void **state)
{
    struct fax *fax = *state;
    open_paths(fax, DS_FAX_COPIES);
    run_until_done(fax);
    assert_int_equal(ds_fax_machine_state(fax->called.machine), DS_FAX_DONE);
    assert_int_equal(ds_fax_machine_state(fax->caller.machine), DS_FAX_DONE);
}

static void copies_make_up_for_lost_packets(void **state)
{
    struct fax *fax = *state;
    struct ds_fault *fault = NULL;
    char line[160];
    snprintf(line, sizeof line, "lose 10%% of udp dst port %u or udp dst port %u",
             ds_fax_path_at(fax->caller.path).port, ds_fax_path_at(fax->called.path).port);
    assert_int_equal(ds_fault_start(fax->stage.net, line, &fault, NULL), DS_OK);
    open_paths(fax, DS_FAX_COPIES);
    run_until_done(fax);
    assert_int_equal(ds_fax_machine_state(fax->called.machine), DS_FAX_DONE);
}

static void a_path_that_is_freed_leaves_the_line_silent(void **state)
{
    struct fax *fax = *state;
    open_paths(fax, 0);
    stage_run(&fax->stage, DS_S);
    ds_fax_path_free(&fax->called.path);
    uint64_t sent = ds_media_counts(fax->called.line).sent;
    assert_true(sent > 0);
    stage_run(&fax->stage, DS_S);
    assert_int_equal(ds_media_counts(fax->called.line).sent, sent);
}

/* Whoever listened to what a relay passed on hears one source go on. */
static void a_line_goes_on_with_the_stream_it_relayed(void **state)
{
    struct fax *fax = *state;
    struct peer peer;
    struct ds_media *near_side = stage_media(&fax->stage), *far_side = stage_media(&fax->stage);
    struct ds_media *talker = stage_media(&fax->stage);
    const struct ds_media_sound sound = {.say = say, .owner = fax->caller.machine};
    peer_open(&fax->stage, &peer, 30000);
    ds_media_relay(near_side, far_side);
    aim_at(talker, ds_media_at(near_side), DS_SENDRECV);
    aim_at_peer(far_side, &peer);
    ds_media_talk(talker, 600);
    stage_run(&fax->stage, 200 * DS_MS);
    ds_media_part(far_side);
    ds_media_talk(talker, 0);
    ds_media_set_sound(far_side, &sound);
    stage_run(&fax->stage, 200 * DS_MS);
    assert_true(peer.count > 15);
    for (size_t i = 1; i < peer.count; i++) {
        assert_int_equal(peer.packets[i].rtp.ssrc, peer.packets[0].rtp.ssrc);
        assert_int_equal(peer.packets[i].rtp.sequence,
                         (uint16_t)(peer.packets[i - 1].rtp.sequence + 1));
        assert_int_equal(peer.packets[i].rtp.timestamp - peer.packets[i - 1].rtp.timestamp, 160);
    }
    ds_media_free(&talker);
    ds_media_free(&near_side);
    ds_media_free(&far_side);
    peer_close(&peer);
}

int test_fax_path(void);

int test_fax_path(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_goes_over_packets, fax_begin, fax_end),
        cmocka_unit_test_setup_teardown(copies_make_up_for_lost_packets, fax_begin, fax_end),
        cmocka_unit_test_setup_teardown(a_path_that_is_freed_leaves_the_line_silent, fax_begin,
                                        fax_end),
        cmocka_unit_test_setup_teardown(a_line_goes_on_with_the_stream_it_relayed, fax_begin,
                                        fax_end),
    };
    return cmocka_run_group_tests_name("fax_path", tests, NULL, NULL);
}
