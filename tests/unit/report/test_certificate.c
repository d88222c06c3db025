#include "paper.h"
#include "sample.h"

#include <stdio.h>

/* What is known of SHA-256: FIPS 180-4's own example. */
#define HASH_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static ds_rc
write_certificate(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    return ds_report_certificate(suite, "reports/viewer", path, why);
}

static void a_case_has_a_result_a_remark_and_the_frame_that_decided(void **state)
{
    struct ds_result_finding finding, proof = sample_finding("BYP-01", "pass");
    struct ds_run_result runs[] = {sample_pass(), sample_fail(&finding)};
    (void)state;
    runs[0].findings = &proof;
    runs[0].finding_count = 1;
    char *text = sample_report(write_certificate, runs, DS_COUNT(runs));
    assert_has(text, "<p class=\"sum fail\">1 of 2 cases passed, 1 failed.</p>");
    assert_has(text, "<td>The requirement that it was to prove is proven.</td>");
    assert_has(text, "<td class=\"mark fail\">FAIL</td>"
                     "<td>61 packets reached mediation (BYP-01, frame 41).</td>");
    assert_has(text, "<th>BYP-01</th>");
    assert_has(text, "<td class=\"mark fail\">failed</td>");
    assert_lacks(text, "<script");
    free(text);
}

static void the_evidence_is_known_by_its_hash(void **state)
{
    struct ds_run_result run = sample_pass();
    struct sample_folder folder;
    (void)state;
    sample_folder_make(&folder);
    sample_write(folder.path, "abc");
    run.capture = folder.path;
    run.scenario_path = sample_text("no/such/scenario.lua");
    char *text = sample_report(write_certificate, &run, 1);
    assert_has(text, "<td class=\"hash\">" HASH_OF_ABC "</td>");
    assert_has(text, "no/such/scenario.lua</td><td>it cannot be read here</td>");
    sample_folder_remove(&folder);
    free(text);
}

static void only_a_world_with_a_clock_has_a_date(void **state)
{
    struct ds_run_result run = sample_pass();
    (void)state;
    char *simulated = sample_report(write_certificate, &run, 1);
    run.world = sample_text("loopback");
    char *real = sample_report(write_certificate, &run, 1);
    assert_lacks(simulated, "2026-01-02");
    assert_lacks(simulated, ">lab<");
    assert_has(real, "<td>2026-01-02T03:04:05Z</td>");
    free(simulated);
    free(real);
}

/* The pool only passes on what alice says of herself. */
static void an_element_is_what_it_says_itself(void **state)
{
    struct ds_run_result run = sample_pass();
    (void)state;
    run.seen = sample_text(
        "{\"places\":[\"alice\",\"pool\",\"gateway\"],"
        "\"lines\":[\"INVITE sip:b SIP/2.0\",\"user-agent : Lync <4>\",\"\",\"Server: body\","
        "\"SIP/2.0 200 OK\",\"Server: SBC 7\"],"
        "\"messages\":[[1,0,0,1,0,0,2,\"TLS\",\"INVITE\",\"\",[0,1,2,3]],"
        "[2,0,1,2,0,0,2,\"TCP\",\"INVITE\",\"\",[0,1,2,3]],"
        "[3,0,2,1,0,0,0,\"TCP\",\"200\",\"\",[4,5,2]],[4,0,9,0,0,0,0,\"TCP\",\"200\",\"\",[99]]]}");
    char *text = sample_report(write_certificate, &run, 1);
    assert_has(text, "<tr><th>alice</th><td>Lync &lt;4&gt;</td></tr>");
    assert_has(text, "<tr><th>gateway</th><td>SBC 7</td></tr>");
    assert_lacks(text, "<th>pool</th>");
    assert_lacks(text, "Server: body");
    free(text);
}

static void a_deployment_is_drawn_once(void **state)
{
    static const char deployment[] =
        "{\"name\":\"lab\",\"variant\":\"bypass_on\",\"summary\":\"a <lab>\",\"bypass\":true,"
        "\"sites\":[{\"name\":\"hq\"},{\"name\":\"empty\"}],"
        "\"nodes\":[{\"name\":\"gateway\",\"role\":\"gateway\",\"site\":\"hq\",\"defects\":[\"x\"]}"
        ","
        "{\"name\":\"mediation\",\"role\":\"mediation\",\"site\":\"hq\"},"
        "{\"name\":\"lost\",\"role\":\"pbx\",\"site\":\"nowhere\"}],"
        "\"trunks\":[{\"a\":\"mediation\",\"b\":\"gateway\",\"kind\":\"TLS\"},"
        "{\"a\":\"mediation\",\"b\":\"nobody\",\"kind\":\"TLS\"}]}";
    struct ds_run_result runs[] = {sample_pass(), sample_pass()};
    (void)state;
    runs[0].deployment = runs[1].deployment = sample_text(deployment);
    char *text = sample_report(write_certificate, runs, DS_COUNT(runs));
    assert_has(text, "<h3>lab:bypass_on</h3><p>a &lt;lab&gt; Media bypass is on.</p>");
    assert_int_equal(paper_count(text, "<svg"), 1);
    assert_int_equal(paper_count(text, "<line "), 1);
    assert_int_equal(paper_count(text, "class=\"node"), 2);
    assert_int_equal(paper_count(text, "class=\"node broken\""), 1);
    assert_int_equal(paper_count(text, "class=\"site"), 1);
    free(text);
}

/* A change of direction, letters, a zero width: as bytes, or the source itself would be turned. */
static const char turned_text[] = {(char)0xe2, (char)0x80, (char)0xae, 'a', 'b',
                                   (char)0xe2, (char)0x80, (char)0x8b, 0};

static void no_text_becomes_markup(void **state)
{
    static const char *const texts[] = {"</td><script>alert(1)</script>", "<!-- ", "\" onload=\"x",
                                        "'\x01\xff", turned_text};
    struct ds_run_result plain = sample_pass();
    (void)state;
    char *harmless = sample_report(write_certificate, &plain, 1);
    for (size_t i = 0; i < DS_COUNT(texts); i++) {
        struct ds_run_result run = sample_pass();
        run.result = DS_RESULT_FAIL;
        run.id = run.sentence = run.scenario_path = run.evidence = sample_text(texts[i]);
        run.defects = run.capture = sample_text(texts[i]);
        char *text = sample_report(write_certificate, &run, 1);
        assert_int_equal(paper_count(text, "<"), paper_count(harmless, "<"));
        assert_lacks(text, "\xe2\x80");
        assert_lacks(text, "\x01");
        free(text);
    }
    struct ds_run_result turned = sample_pass();
    turned.id = sample_text(texts[4]);
    char *text = sample_report(write_certificate, &turned, 1);
    assert_has(text, "\xe2\x9f\xa8U+202E\xe2\x9f\xa9"
                     "ab\xe2\x9f\xa8U+200B\xe2\x9f\xa9");
    free(text);
    free(harmless);
}

static void want_of_memory_spoils_no_certificate(void **state)
{
    (void)state;
    sample_exhaust(write_certificate);
}

int test_certificate(void);

int test_certificate(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_has_a_result_a_remark_and_the_frame_that_decided),
        cmocka_unit_test(the_evidence_is_known_by_its_hash),
        cmocka_unit_test(only_a_world_with_a_clock_has_a_date),
        cmocka_unit_test(an_element_is_what_it_says_itself),
        cmocka_unit_test(a_deployment_is_drawn_once),
        cmocka_unit_test(no_text_becomes_markup),
        cmocka_unit_test(want_of_memory_spoils_no_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
