#include "sample.h"

#include <stdlib.h>
#include <string.h>

static void hostile_text_makes_no_markup(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    (void)state;
    run.sentence = sample_text("a|b\n<script>`x` [l](u) *\\ &amp;\033");
    char *text = sample_report(ds_report_markdown, &run, 1);
    sample_contains(text, "| a\\|b &lt;script&gt;\\`x\\` \\[l\\](u) \\*\\\\ &amp;amp; |");
    free(text);
}

static void an_empty_suite_has_no_table(void **state)
{
    (void)state;
    char *text = sample_report(ds_report_markdown, NULL, 0);
    sample_contains(text, "0 of 0 runs passed");
    sample_lacks(text, "|");
    free(text);
}

static void want_of_memory_spoils_no_summary(void **state)
{
    (void)state;
    sample_exhaust(ds_report_markdown);
}

int test_summary(void);

int test_summary(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_makes_no_markup),
        cmocka_unit_test(an_empty_suite_has_no_table),
        cmocka_unit_test(want_of_memory_spoils_no_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
