#include "paper.h"
#include "stage.h"

#include <stdio.h>

/* The ladder as a drawing of any width, and as a diagram of Mermaid's. */

#define ALICE   STAGE_ADDR(1, 5060)
#define POOL    STAGE_ADDR(2, 5060)
#define GATEWAY STAGE_ADDR(3, 5060)

static const struct ds_topo *three(void)
{
    static struct ds_topo_node nodes[] = {{.name = "alice", .role = DS_ROLE_CLIENT},
                                          {.name = "pool", .role = DS_ROLE_POOL},
                                          {.name = "gateway", .role = DS_ROLE_GATEWAY}};
    static const struct ds_topo topo = {.nodes = nodes, .node_count = DS_COUNT(nodes)};
    for (uint32_t i = 0; i < DS_COUNT(nodes); i++)
        nodes[i].at = STAGE_ADDR(i + 1, 0);
    return &topo;
}

/* A call by way of a proxy, its INVITE sent twice, with audio from end to end. */
static void play(struct stage *stage, const char *uri)
{
    const struct ds_addr here = STAGE_ADDR(1, 30000), there = STAGE_ADDR(3, 40000);
    struct stage_talk talk = {.from = STAGE_ADDR(1, 30000), .to = STAGE_ADDR(3, 40000), .ssrc = 1};
    char start[200];
    snprintf(start, sizeof start, "INVITE sip:%s@b SIP/2.0", uri);
    const struct stage_line invite = {.start = start, .media = &here};
    struct stage_line on = {.start = start, .media = &here, .branch = "two"};
    struct stage_line ok = {.start = "SIP/2.0 200 OK", .media = &there, .to_tag = "t"};
    stage_open(stage);
    stage_say(stage, ALICE, POOL, &invite);
    stage_say(stage, ALICE, POOL, &invite);
    stage_say(stage, POOL, GATEWAY, &on);
    ok.branch = "two";
    stage_say(stage, GATEWAY, POOL, &ok);
    ok.branch = NULL;
    stage_say(stage, POOL, ALICE, &ok);
    stage_talk(stage, &talk, 3);
}

static char *draw(const struct ds_trace *trace, const struct ds_ladder_style *style)
{
    struct ds_buf out = {0};
    ds_buf_text(&out, "");
    if (!ds_ladder_draw(trace, &trace->calls[0], style, &out))
        assert_int_equal(out.len, 0);
    assert_false(out.broken);
    return out.at;
}

static void assert_drawn(const struct ds_ladder_style *style, const char *expected)
{
    struct stage stage;
    play(&stage, "+15550142");
    char *text = draw(stage_read(&stage, three()), style);
    assert_string_equal(text, expected);
    free(text);
    stage_close(&stage);
}

static void a_wide_ladder_has_words_in_its_arrows(void **state)
{
    (void)state;
    assert_drawn(&(struct ds_ladder_style){.width = 76, .numbers = true, .media = true},
                 "Call 1  +15550100 -> +15550142  was answered after 0.004 s\n"
                 "                        alice              pool              gateway\n"
                 "#1         0.000          │─ INVITE SDP ────▶│                  │\n"
                 "#2         0.001          │╌ INVITE SDP (… ╌▶│                  │\n"
                 "#3         0.002          │                  │─ INVITE SDP ────▶│\n"
                 "#4         0.003          │                  │◀─────── 200 SDP ─│\n"
                 "#5         0.004          │◀─────── 200 SDP ─│                  │\n"
                 "                          │═ PCMA ═════════════════════════════▶│\n"
                 "  audio  alice => gateway  PCMA  3 packets, lost 0, jitter 0.0 ms, MOS 4.4\n");
}

static void a_narrow_ladder_has_its_words_beside_it(void **state)
{
    (void)state;
    assert_drawn(&(struct ds_ladder_style){.width = 40, .numbers = true},
                 "Call 1  +15550100 -> +15550142  was answered after 0.004 s\n"
                 " alice      gateway\n"
                 "       pool\n"
                 "   │────▶│     │   INVITE SDP\n"
                 "   │╌╌╌╌▶│     │   INVITE SDP (again)\n"
                 "   │     │────▶│   INVITE SDP\n"
                 "   │     │◀────│   200 SDP\n"
                 "   │◀────│     │   200 SDP\n");
}

static size_t widest_line(const char *text)
{
    struct ds_slice rest = ds_slice_of(text), line;
    size_t widest = 0;
    ds_slice_cut(&rest, '\n', &line); /* the title, which is not drawn */
    while (ds_slice_cut(&rest, '\n', &line))
        widest = ds_columns(line) > widest ? ds_columns(line) : widest;
    return widest;
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    struct stage stage;
    (void)state;
    play(&stage, "+15550142");
    const struct ds_trace *trace = stage_read(&stage, three());
    bool fits = false;
    for (size_t width = 1; width < 160; width++) {
        char *text = draw(trace, &(struct ds_ladder_style){
                                     .width = width, .numbers = width % 2 == 0, .media = true});
        assert_true(widest_line(text) <= width);
        assert_true(text[0] != '\0' || !fits);
        fits = text[0] != '\0';
        free(text);
    }
    assert_true(fits);
    stage_close(&stage);
}

static void legs_have_colours_and_lines_have_none(void **state)
{
    struct stage stage;
    (void)state;
    play(&stage, "+15550142");
    char *text =
        draw(stage_read(&stage, three()), &(struct ds_ladder_style){.width = 90, .colour = true});
    assert_int_equal(paper_count(text, "│\033[36m"), 5);
    assert_int_equal(paper_count(text, "\033[0m│"), 5);
    free(text);
    stage_close(&stage);
}

static void programs_on_one_machine_have_lines_of_their_own(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(1, 5090),
              &(struct stage_line){.start = "INVITE sip:x@b SIP/2.0"});
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(1, 5060),
              &(struct stage_line){.start = "INVITE sip:y@b SIP/2.0", .branch = "three"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    char *text = draw(trace, &(struct ds_ladder_style){.width = 80});
    assert_has(text, "127.0.10.1:5060             127.0.10.1:5090\n");
    assert_has(text, "│─ INVITE x ───────────────▶│\n");
    assert_has(text, "│ INVITE y\n");
    free(text);
    stage_close(&stage);
}

/* ---- Mermaid ---- */

static char *diagram(struct stage *stage, const char *uri)
{
    struct ds_buf out = {0};
    play(stage, uri);
    const struct ds_trace *trace = stage_read(stage, three());
    ds_ladder_mermaid(trace, &trace->calls[0], &out);
    assert_false(out.broken);
    return out.at;
}

static void a_diagram_has_places_messages_and_audio(void **state)
{
    struct stage stage;
    (void)state;
    char *text = diagram(&stage, "+15550142");
    assert_string_equal(text,
                        "```mermaid\nsequenceDiagram\n"
                        "    participant p1 as alice\n"
                        "    participant p2 as pool\n"
                        "    participant p3 as gateway\n"
                        "    Note over p1,p3: Call 1  +15550100 -#62; +15550142  was answered "
                        "after 0.004 s\n"
                        "    p1->>p2: INVITE +15550142 SDP\n"
                        "    p1->>p2: INVITE +15550142 SDP (again)\n"
                        "    p2->>p3: INVITE +15550142 SDP\n"
                        "    p3-->>p2: 200 SDP\n"
                        "    p2-->>p1: 200 SDP\n"
                        "    Note over p1,p3: audio  alice =#62; gateway  PCMA  3 packets, lost 0, "
                        "jitter 0.0 ms, MOS 4.4\n"
                        "```\n");
    free(text);
    stage_close(&stage);
}

static void hostile_text_draws_nothing_of_its_own(void **state)
{
    struct stage stage;
    (void)state;
    char *text = diagram(&stage, "%%{init}%%<b>`#&'\"$[|]~^!*");
    assert_has(text, ": INVITE #37;#37;#123;init#125;#37;#37;#60;b#62;#96;#35;");
    assert_int_equal(paper_count(text, "```"), 2);
    for (const char *at = text; *at != '\0'; at++)
        assert_true(strchr("%{}<&'\"$[]|~^!*", *at) == NULL);
    free(text);
    stage_close(&stage);
}

static void a_fax_is_drawn_too(void **state)
{
    struct stage stage;
    struct ds_buf out = {0};
    (void)state;
    play(&stage, "+15550142");
    struct ds_trace trace = *stage_read(&stage, three());
    struct ds_fax_seen faxes[] = {{.from_node = &trace.topo->nodes[2],
                                   .to_node = &trace.topo->nodes[1],
                                   .packets = 9,
                                   .call = &trace.calls[0]},
                                  {.packets = 1}};
    trace.faxes = faxes;
    trace.fax_count = DS_COUNT(faxes);
    ds_ladder_mermaid(&trace, &trace.calls[0], &out);
    assert_has(out.at, "    Note over p3,p2: fax    gateway =#62; pool  T.38  9 packets, lost 0\n");
    ds_buf_clean_up(&out);
    char *text = draw(&trace, &(struct ds_ladder_style){.width = 60, .media = true});
    assert_int_equal(paper_count(text, " T.38 ═│\n"), 1);
    free(text);
    stage_close(&stage);
}

static ds_rc draw_with_little(void *owner)
{
    const struct ds_trace *trace = owner;
    struct ds_buf out = {0};
    bool drawn = ds_ladder_draw(
        trace, &trace->calls[0],
        &(struct ds_ladder_style){.width = 50, .colour = true, .numbers = true, .media = true},
        &out);
    ds_ladder_mermaid(trace, &trace->calls[0], &out);
    ds_rc rc = out.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&out);
    return drawn ? rc : DS_BAD;
}

static void want_of_memory_is_seen(void **state)
{
    struct stage stage;
    (void)state;
    play(&stage, "+15550142");
    struct ds_trace copy = *stage_read(&stage, three());
    ds_exhaust(draw_with_little, &copy);
    stage_close(&stage);
}

int test_drawn(void);

int test_drawn(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wide_ladder_has_words_in_its_arrows),
        cmocka_unit_test(a_narrow_ladder_has_its_words_beside_it),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
        cmocka_unit_test(legs_have_colours_and_lines_have_none),
        cmocka_unit_test(programs_on_one_machine_have_lines_of_their_own),
        cmocka_unit_test(a_diagram_has_places_messages_and_audio),
        cmocka_unit_test(hostile_text_draws_nothing_of_its_own),
        cmocka_unit_test(a_fax_is_drawn_too),
        cmocka_unit_test(want_of_memory_is_seen),
    };
    return cmocka_run_group_tests_name("drawn", tests, NULL, NULL);
}
