#include "line.h"

#include <string.h>

static void expect_page(const struct line *line, const struct ds_fax_said *said)
{
    assert_int_equal(said->page_count, 1);
    assert_int_equal(ds_fax_page_differs(&said->pages[0], &line->page), 0);
    assert_false(said->misses);
}

static void the_packets_of_a_page_show_it(void **state)
{
    struct line line;
    (void)state;
    line_open(&line, 60);
    line_add_gateways(&line);
    line_run(&line);
    expect_page(&line, ds_fax_reader_said(line.there.reader));
    assert_int_equal(ds_fax_reader_said(line.back.reader)->page_count, 0);
    assert_int_equal(ds_fax_reader_said(line.back.reader)->confirmed, 1);
    assert_int_equal(ds_fax_reader_said(line.there.reader)->confirmed, 0);
    line_close(&line);
}

static void the_audio_of_a_page_shows_it(void **state)
{
    struct line line;
    (void)state;
    line_open(&line, 60);
    line_add_ears(&line);
    line_run(&line);
    expect_page(&line, ds_fax_ear_said(line.hears_caller));
    assert_int_equal(ds_fax_ear_said(line.hears_called)->confirmed, 1);
    line_close(&line);
}

/* The last row ends where the carrier does, wherever in a byte that is. */
static void the_audio_shows_pages_of_any_length_to_their_last_row(void **state)
{
    (void)state;
    for (size_t rows = 94; rows < 104; rows++) {
        struct line line;
        line_open(&line, rows);
        line_add_ears(&line);
        line_run(&line);
        expect_page(&line, ds_fax_ear_said(line.hears_caller));
        line_close(&line);
    }
}

static void a_page_that_a_gateway_smudged_is_another(void **state)
{
    struct line line;
    (void)state;
    line_open(&line, 100);
    line_add_gateways(&line);
    line_add_ears(&line);
    ds_fax_relay_smudge(line.near);
    line_run(&line);
    expect_page(&line, ds_fax_ear_said(line.hears_caller));
    assert_int_not_equal(ds_fax_reader_said(line.there.reader)->page_count, 0);
    assert_int_not_equal(
        ds_fax_page_differs(&ds_fax_reader_said(line.there.reader)->pages[0], &line.page), 0);
    line_close(&line);
}

static void a_lost_packet_is_missed(void **state)
{
    struct line line;
    (void)state;
    line_open(&line, 60);
    line_add_gateways(&line);
    line.there.lose_every = 20;
    line_run(&line);
    assert_true(ds_fax_reader_said(line.there.reader)->misses);
    line_close(&line);
}

static void anything_may_be_put_in(void **state)
{
    struct ds_rng rng;
    struct ds_fax_reader *reader = NULL;
    (void)state;
    ds_rng_seed(&rng, 11);
    assert_int_equal(ds_fax_reader_new(&reader), DS_OK);
    for (size_t i = 0; i < 20000; i++) {
        char bytes[64];
        size_t len = (size_t)ds_rng_below(&rng, sizeof bytes);
        for (size_t at = 0; at < len; at++)
            bytes[at] = (char)ds_rng_next(&rng);
        if (len > 0)
            bytes[0] = (char)((uint8_t)bytes[0] | 0xc0u);
        ds_fax_reader_take(reader, (struct ds_slice){bytes, len}, (uint16_t)i);
    }
    assert_true(ds_fax_reader_said(reader)->page_count <= 16);
    ds_fax_reader_free(&reader);
}

int test_reader(void);

int test_reader(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_packets_of_a_page_show_it),
        cmocka_unit_test(the_audio_of_a_page_shows_it),
        cmocka_unit_test(the_audio_shows_pages_of_any_length_to_their_last_row),
        cmocka_unit_test(a_page_that_a_gateway_smudged_is_another),
        cmocka_unit_test(a_lost_packet_is_missed),
        cmocka_unit_test(anything_may_be_put_in),
    };
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
