#include "calls.h"
#include "paper.h"
#include "sample.h"
#include "stage.h"

#include <jansson.h>

/* Calls, one line each: with the names of a topology and without, wide and narrow. */

static const struct ds_topo_node alice = {.name = "alice"}, pool = {.name = "pool"},
                                 bob = {.name = "bob"}, gateway = {.name = "gateway"};

static struct ds_hop_seen hop(const struct ds_topo_node *from, const struct ds_topo_node *to)
{
    static const struct ds_event invite = {.frame = 4};
    return (struct ds_hop_seen){.from_node = from, .to_node = to, .invite = &invite};
}

static struct ds_hop_seen strange_hop(uint32_t from, uint16_t from_port, uint32_t to)
{
    struct ds_hop_seen made = hop(NULL, NULL);
    made.from = STAGE_ADDR(from, from_port);
    made.to = STAGE_ADDR(to, 5060);
    return made;
}

static struct ds_call call_of(struct ds_hop_seen *hops, size_t count)
{
    return (struct ds_call){.from_number = "+15550100",
                            .to_number = "+15550142",
                            .outcome = DS_ANSWERED,
                            .final_status = 200,
                            .began_at = 1000000,
                            .answered_at = 3500000,
                            .ended_at = 9000000,
                            .from_node = hops[0].from_node,
                            .to_node = hops[count - 1].to_node,
                            .hops = hops,
                            .hop_count = count};
}

/* Where that one stands among those who may be heard. */
static const struct ds_voice *voice(const struct ds_topo_node *talker)
{
    static const struct ds_voice everybody[] = {{&alice, 0}, {&pool, 0}, {&bob, 0}, {&gateway, 0}};
    for (size_t i = 0; i < DS_COUNT(everybody); i++)
        if (everybody[i].who == talker)
            return &everybody[i];
    return NULL;
}

static struct ds_flow flow_of(const struct ds_topo_node *from,
                              const struct ds_topo_node *to,
                              const struct ds_topo_node *talker)
{
    return (struct ds_flow){.from = STAGE_ADDR(8, 30000),
                            .to = STAGE_ADDR(9, 40000),
                            .from_node = from,
                            .to_node = to,
                            .talker = talker,
                            .voices = voice(talker),
                            .voice_count = talker != NULL,
                            .first_frame = 9,
                            .packets = 75,
                            .stats = {.received = 75}};
}

static char *list(struct ds_call *calls, size_t count, const struct ds_ladder_style *style)
{
    const struct ds_trace trace = {.calls = calls, .call_count = count};
    struct ds_buf out = {0};
    ds_buf_text(&out, "");
    ds_calls_print(&(struct ds_calls_table){0}, &trace, style, &out);
    assert_false(out.broken);
    return out.at;
}

static void a_call_is_a_line_of_names(void **state)
{
    struct ds_hop_seen hops[] = {hop(&alice, &pool), hop(&pool, &gateway)};
    struct ds_flow flows[] = {flow_of(&gateway, &alice, &gateway),
                              flow_of(&alice, &gateway, &alice)};
    struct ds_flow *both[] = {&flows[0], &flows[1]};
    struct ds_call calls[2] = {call_of(hops, 2), call_of(hops, 1)};
    (void)state;
    flows[0].stats.lost = 25;
    calls[0].flows = both;
    calls[0].flow_count = 2;
    calls[1].outcome = DS_REFUSED;
    calls[1].final_status = 486;
    calls[1].answered_at = -1;
    char *text = list(calls, 2, &(struct ds_ladder_style){0});
    assert_string_equal(text,
                        "call  from       to         path                    outcome        setup  "
                        "heard                                       loss\n"
                        "   1  +15550100  +15550142  alice > pool > gateway  answered     2.500 s  "
                        "alice hears gateway, gateway hears alice  14.3 %\n"
                        "   2  +15550100  +15550142  alice > pool            refused 486        -  "
                        "no audio                                       -\n");
    free(text);
}

static void times_are_rounded_as_printf_rounds_them(void **state)
{
    static const int64_t setups_us[] = {
        0,      1,      499,     500,     501,      1500,     2500, 999499,
        999500, 999999, 1000500, 1001500, 59999501, 12345678, -700, INT64_C(1) << 51};
    struct ds_hop_seen hops[] = {hop(&alice, &pool)};
    struct ds_call call = call_of(hops, 1);
    (void)state;
    for (size_t i = 0; i < DS_COUNT(setups_us); i++) {
        char expected[64];
        call.began_at = setups_us[i] < 0 ? -setups_us[i] : 0;
        call.answered_at = call.began_at + setups_us[i];
        snprintf(expected, sizeof expected, " %.3f s ", (double)setups_us[i] / 1e6);
        char *text = list(&call, 1, &(struct ds_ladder_style){0});
        assert_non_null(strstr(text, expected));
        free(text);
    }
}

static void a_narrow_terminal_cuts_the_widest_columns(void **state)
{
    struct ds_hop_seen hops[] = {hop(&alice, &pool), hop(&pool, &gateway)};
    struct ds_call call = call_of(hops, 2);
    (void)state;
    char *text = list(&call, 1, &(struct ds_ladder_style){.width = 80});
    assert_string_equal(
        text, "call  from       to         path               outcome     setup  heard     loss\n"
              "   1  +15550100  +15550142  alice > pool > g…  answered  2.500 s  no audio     -\n");
    free(text);
    text = list(&call, 1, &(struct ds_ladder_style){.width = 20});
    assert_string_equal(text, "call  from      to …\n   1  +155501…  +15…\n");
    free(text);
}

static void forks_and_second_tries_are_told_once(void **state)
{
    struct ds_hop_seen hops[] = {hop(&alice, &pool), hop(&alice, &pool), hop(&pool, &bob),
                                 hop(&pool, &gateway), hop(&bob, &gateway)};
    struct ds_call call = call_of(hops, 5);
    (void)state;
    hops[0].to = hops[1].to = STAGE_ADDR(2, 5060);
    hops[2].from = hops[3].from = STAGE_ADDR(2, 5060);
    hops[2].to = STAGE_ADDR(3, 5060);
    hops[3].to = STAGE_ADDR(4, 5060);
    hops[4].from = STAGE_ADDR(3, 5060);
    hops[4].to = STAGE_ADDR(5, 5060);
    struct ds_buf out = {0};
    ds_print_road(&call, &out);
    assert_string_equal(out.at, "alice > pool > bob + gateway, bob > gateway");
    ds_buf_clean_up(&out);
}

static void strangers_go_by_their_addresses(void **state)
{
    struct ds_hop_seen hops[] = {strange_hop(1, 49152, 2), strange_hop(2, 5060, 3)};
    struct ds_hop_seen on_one[] = {strange_hop(1, 5090, 1)};
    struct ds_call calls[2] = {call_of(hops, 2), call_of(on_one, 1)};
    struct ds_flow flow = flow_of(NULL, NULL, NULL), *flows[] = {&flow};
    (void)state;
    calls[0].flows = flows;
    calls[0].flow_count = 1;
    char *text = list(calls, 2, &(struct ds_ladder_style){0});
    assert_has(text, "  127.0.10.1 > 127.0.10.2 > 127.0.10.3  ");
    assert_has(text, "  127.0.10.1:5090 > 127.0.10.1:5060 ");
    assert_has(text, "  127.0.10.8 => 127.0.10.9  ");
    free(text);
}

static void a_fax_is_heard_as_one(void **state)
{
    struct ds_hop_seen hops[] = {hop(&alice, &pool)};
    struct ds_call call = call_of(hops, 1);
    struct ds_fax_seen fax = {.call = &call};
    const struct ds_trace trace = {.calls = &call, .call_count = 1, .faxes = &fax, .fax_count = 1};
    struct ds_buf out = {0};
    (void)state;
    ds_calls_print(&(struct ds_calls_table){0}, &trace, &(struct ds_ladder_style){0}, &out);
    assert_has(out.at, "  2.500 s  fax       -\n");
    ds_buf_clean_up(&out);
}

static void a_codec_is_a_token_or_nothing(void **state)
{
    static const struct {
        const char *codec, *told;
    } cases[] = {{"PCMA", "PCMA"},
                 {"telephone-event", "telephone-event"},
                 {NULL, "audio"},
                 {"", "audio"},
                 {"PCMA\033[2J", "audio"},
                 {"a\"b<c>", "audio"},
                 {"abcdefghijklmnopqrstuvwxyz0123456789", "audio"}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++)
        assert_string_equal(ds_flow_codec(&(struct ds_flow){.codec = cases[i].codec}),
                            cases[i].told);
}

static void hostile_numbers_move_no_cursor(void **state)
{
    struct ds_hop_seen hops[] = {hop(&alice, &pool)};
    struct ds_call call = call_of(hops, 1);
    (void)state;
    ds_slice_copy(ds_slice_of("\033[2J\n\xff"), call.from_number, sizeof call.from_number);
    call.to_number[0] = '\0';
    char *text = list(&call, 1, &(struct ds_ladder_style){0});
    assert_has(text, "  \\x1b[2J\\x0a\\xff  -   alice > pool ");
    assert_int_equal(paper_count(text, "\n"), 2);
    free(text);
}

static void colour_tells_what_became_of_a_call(void **state)
{
    struct ds_hop_seen hops[] = {hop(&alice, &pool)};
    struct ds_call calls[3] = {call_of(hops, 1), call_of(hops, 1), call_of(hops, 1)};
    (void)state;
    calls[1].outcome = DS_REFUSED;
    calls[2].outcome = DS_CANCELLED;
    char *text = list(calls, 3, &(struct ds_ladder_style){.colour = true});
    assert_int_equal(paper_count(text, "\033[1;31m   2"), 1);
    assert_int_equal(paper_count(text, "\033[33m   3"), 1);
    assert_int_equal(paper_count(text, "\033[0m\n"), 3);
    free(text);
    assert_string_equal(text = list(NULL, 0, &(struct ds_ladder_style){0}), "");
    free(text);
}

/* ---- JSON ---- */

struct sweep {
    struct ds_trace trace;
    const char *path;
    bool as_lines;
};

static ds_rc write_json(void *owner)
{
    const struct sweep *sweep = owner;
    struct ds_calls_file *file = NULL;
    ds_rc rc = ds_calls_file_open(sweep->path, "0.1.0", sweep->as_lines, &file, NULL);
    if (rc == DS_OK)
        rc = ds_calls_file_add(file, &sweep->trace, NULL);
    if (rc == DS_OK)
        return ds_calls_file_close(&file, NULL);
    ds_calls_file_drop(&file);
    return rc;
}

static ds_rc print_table(void *owner)
{
    const struct sweep *sweep = owner;
    struct ds_buf out = {0};
    ds_calls_print(&(struct ds_calls_table){0}, &sweep->trace,
                   &(struct ds_ladder_style){.width = 60, .colour = true}, &out);
    ds_rc rc = out.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&out);
    return rc;
}

static void json_has_the_same_and_lacks_no_memory(void **state)
{
    struct ds_hop_seen hops[] = {hop(&alice, &pool), hop(&pool, &gateway)};
    struct ds_flow flows[] = {flow_of(&gateway, &alice, &gateway),
                              flow_of(&gateway, &alice, &gateway)};
    struct ds_flow *both[] = {&flows[0], &flows[1]};
    struct ds_gap gap = {.frame = 3, .sentence = "torn"};
    struct ds_call call = call_of(hops, 2);
    struct sample_folder folder;
    (void)state;
    call.flows = both;
    call.flow_count = 2;
    struct sweep sweep = {
        .trace = {.path = "x.pcap", .calls = &call, .call_count = 1, .gaps = &gap, .gap_count = 1}};
    sample_folder_make(&folder);
    sweep.path = folder.path;
    ds_exhaust(print_table, &sweep);
    ds_exhaust(write_json, &sweep);
    char *text = paper_read(folder.path);
    json_t *object = json_loads(text, 0, NULL);
    const json_t *first = json_array_get(json_object_get(object, "calls"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "path")),
                        "alice > pool > gateway");
    assert_true(json_real_value(json_object_get(first, "setup_seconds")) == 2.5);
    assert_int_equal(json_array_size(json_object_get(first, "streams")), 2);
    assert_int_equal(json_array_size(json_object_get(first, "heard")), 1);
    assert_has(text, "\"sentence\": \"torn\"");
    json_decref(object);
    free(text);
    sample_folder_remove(&folder);
}

int test_calls(void);

int test_calls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_a_line_of_names),
        cmocka_unit_test(times_are_rounded_as_printf_rounds_them),
        cmocka_unit_test(a_narrow_terminal_cuts_the_widest_columns),
        cmocka_unit_test(forks_and_second_tries_are_told_once),
        cmocka_unit_test(strangers_go_by_their_addresses),
        cmocka_unit_test(a_fax_is_heard_as_one),
        cmocka_unit_test(a_codec_is_a_token_or_nothing),
        cmocka_unit_test(hostile_numbers_move_no_cursor),
        cmocka_unit_test(colour_tells_what_became_of_a_call),
        cmocka_unit_test(json_has_the_same_and_lacks_no_memory),
    };
    return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
