#include "report_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* JUnit XML in the subset that Jenkins and GitLab read: a suite for each topology and variant, a
   case for each run. What is unclear or not seen is no success, so it is written as a failure whose
   type says which. */

static bool same_suite(const struct ds_run_result *a, const struct ds_run_result *b)
{
    return strcmp(ds_text(a->topology), ds_text(b->topology)) == 0 &&
           strcmp(ds_text(a->variant), ds_text(b->variant)) == 0;
}

struct counts {
    size_t tests, failures, errors, skipped;
    double seconds;
};

static void count(const struct ds_run_result *run, struct counts *counts)
{
    counts->tests++;
    counts->errors += run->result == DS_RESULT_ERROR;
    counts->skipped += run->result == DS_RESULT_SKIP;
    counts->failures += run->result == DS_RESULT_FAIL || run->result == DS_RESULT_UNCLEAR ||
                        run->result == DS_RESULT_NOT_SEEN;
    counts->seconds += run->seconds;
}

static void attribute(struct ds_buf *out, const char *name, const char *value)
{
    ds_buf_print(out, " %s=\"", name);
    ds_print_xml(out, value);
    ds_buf_text(out, "\"");
}

static void print_counts(struct ds_buf *out, const struct counts *counts)
{
    ds_buf_print(out,
                 " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\"",
                 counts->tests, counts->failures, counts->errors, counts->skipped, counts->seconds);
}

static void property(struct ds_buf *out, const char *name, const char *value)
{
    ds_buf_text(out, "        <property");
    attribute(out, "name", name);
    attribute(out, "value", value);
    ds_buf_text(out, "/>\n");
}

static void print_verdict(struct ds_buf *out, const struct ds_run_result *run)
{
    struct ds_buf story = {0};
    const struct ds_terminal plain = {.verbosity = 1};
    if (run->result == DS_RESULT_PASS)
        return;
    if (run->result == DS_RESULT_SKIP) {
        ds_buf_text(out, "      <skipped");
        attribute(out, "message", run->sentence);
        ds_buf_text(out, "/>\n");
        return;
    }
    const char *element = run->result == DS_RESULT_ERROR ? "error" : "failure";
    ds_buf_print(out, "      <%s", element);
    attribute(out, "type",
              run->result == DS_RESULT_FAIL ? ds_deciding_id(run) : ds_result_name(run->result));
    attribute(out, "message", run->sentence);
    ds_buf_text(out, ">");
    ds_report_failure(run, &plain, &story);
    ds_print_xml_body(out, story.at);
    out->broken |= story.broken;
    ds_buf_clean_up(&story);
    ds_buf_print(out, "</%s>\n", element);
}

/* "calls.busy": dots, as Java's class names have them. */
static void class_name(struct ds_buf *out, const struct ds_run_result *run)
{
    struct ds_buf name = {0};
    ds_buf_text(&name, ds_text(run->scenario));
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '/')
            name.at[i] = '.';
    attribute(out, "classname", name.at);
    out->broken |= name.broken;
    ds_buf_clean_up(&name);
}

/* The number behind "scenarios/calls/busy.lua:". */
static void line_number(struct ds_buf *out, const struct ds_run_result *run)
{
    struct ds_slice file;
    uint64_t line;
    if (ds_split_where(run->where, &file, &line))
        ds_buf_print(out, " line=\"%llu\"", (unsigned long long)line);
}

/* Jenkins and GitLab show what is named so beside the case, and look for it from where directsip
 * was run. */
static void print_attachment(struct ds_buf *out, const char *path)
{
    if (ds_text(path)[0] == '\0')
        return;
    ds_buf_text(out, "      <system-out>[[ATTACHMENT|");
    ds_print_xml_body(out, path);
    ds_buf_text(out, "]]</system-out>\n");
}

static void
print_case(struct ds_buf *out, const struct ds_suite_result *suite, const struct ds_run_result *run)
{
    struct ds_buf name = {0};
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)run->seed);
    ds_print_run_name(&name, run, ds_has_worlds(suite));
    ds_buf_text(out, "    <testcase");
    attribute(out, "name", name.at);
    out->broken |= name.broken;
    ds_buf_clean_up(&name);
    class_name(out, run);
    attribute(out, "file", run->scenario_path);
    line_number(out, run);
    ds_buf_print(out, " time=\"%.3f\">\n      <properties>\n", run->seconds);
    property(out, "seed", seed);
    property(out, "option", run->option);
    property(out, "world", run->world);
    property(out, "evidence", run->evidence);
    property(out, "capture", ds_path_below(suite->folder, ds_text(run->capture)));
    property(out, "rerun", run->rerun);
    ds_buf_text(out, "      </properties>\n");
    print_verdict(out, run);
    print_attachment(out, run->capture);
    ds_buf_text(out, "    </testcase>\n");
}

/* One suite: every run like the first of them. Marks them as written. */
static void
print_suite(struct ds_buf *out, const struct ds_suite_result *suite, size_t first, bool *written)
{
    const struct ds_run_result *model = &suite->runs[first];
    struct counts counts = {0};
    struct ds_buf name = {0};
    for (size_t i = first; i < suite->run_count; i++)
        if (same_suite(model, &suite->runs[i]))
            count(&suite->runs[i], &counts);
    ds_print_place(&name, model->topology, model->variant);
    ds_buf_text(out, "  <testsuite");
    attribute(out, "name", name.at);
    attribute(out, "hostname", suite->hostname);
    print_counts(out, &counts);
    if (ds_text(suite->started)[0] != '\0')
        attribute(out, "timestamp", suite->started);
    ds_buf_text(out, ">\n");
    out->broken |= name.broken;
    ds_buf_clean_up(&name);
    for (size_t i = first; i < suite->run_count; i++) {
        if (!same_suite(model, &suite->runs[i]))
            continue;
        print_case(out, suite, &suite->runs[i]);
        written[i] = true;
    }
    ds_buf_text(out, "  </testsuite>\n");
}

ds_rc ds_report_junit(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    struct ds_buf out = {0};
    struct counts counts = {0};
    bool *written = calloc(suite->run_count + 1, sizeof *written);
    if (written == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < suite->run_count; i++)
        count(&suite->runs[i], &counts);
    ds_buf_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"directsip\"");
    print_counts(&out, &counts);
    ds_buf_text(&out, ">\n");
    for (size_t i = 0; i < suite->run_count; i++)
        if (!written[i])
            print_suite(&out, suite, i, written);
    ds_buf_text(&out, "</testsuites>\n");
    free(written);
    return ds_write_file(path, &out, why);
}
