#include "report_internal.h"

#include <string.h>

/* TAP 14, which readers of TAP 13 understand too: a YAML block under what is not ok. */

static void line(struct ds_buf *out, const char *name, const char *value)
{
    ds_buf_print(out, "  %s: ", name);
    ds_print_yaml(out, value);
    ds_buf_text(out, "\n");
}

/* A '#' would start a directive; both it and the backslash are taken as they are behind a
 * backslash.
 */
static void print_name(struct ds_buf *out, const struct ds_run_result *run, bool worlds)
{
    struct ds_buf name = {0}, safe = {0};
    ds_print_run_name(&name, run, worlds);
    ds_print_safe(&safe, ds_buf_slice(&name));
    for (const char *at = ds_text(safe.at); *at != '\0'; at++)
        ds_buf_print(out, "%s%c", *at == '#' || *at == '\\' ? "\\" : "", *at);
    out->broken |= name.broken || safe.broken;
    ds_buf_clean_up(&name);
    ds_buf_clean_up(&safe);
}

/* Where to look: the line that speaks, or else the file. */
static void print_at(struct ds_buf *out, const struct ds_run_result *run)
{
    struct ds_buf file = {0};
    struct ds_slice path;
    uint64_t number;
    ds_buf_text(out, "  at:\n  ");
    if (!ds_split_where(run->where, &path, &number)) {
        line(out, "file", run->scenario_path);
        return;
    }
    ds_buf_add(&file, path);
    line(out, "file", file.at);
    ds_buf_print(out, "    line: %llu\n", (unsigned long long)number);
    out->broken |= file.broken;
    ds_buf_clean_up(&file);
}

/* What decided it; where that is no more than how it ended, the severity has said so. */
static void print_rule(struct ds_buf *out, const struct ds_run_result *run)
{
    const char *id = ds_deciding_id(run);
    if (strcmp(id, ds_result_name(run->result)) != 0)
        line(out, "rule", id);
}

static void print_details(struct ds_buf *out,
                          const struct ds_suite_result *suite,
                          const struct ds_run_result *run)
{
    ds_buf_text(out, "  ---\n");
    line(out, "message", run->sentence);
    line(out, "severity", ds_result_name(run->result));
    print_at(out, run);
    ds_buf_print(out, "  seed: %llu\n", (unsigned long long)run->seed);
    line(out, "world", run->world);
    line(out, "pcap", ds_path_below(suite->folder, ds_text(run->capture)));
    line(out, "rerun", run->rerun);
    print_rule(out, run);
    ds_buf_text(out, "  ...\n");
}

ds_rc ds_report_tap(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    struct ds_buf out = {0};
    bool worlds = ds_has_worlds(suite);
    ds_buf_print(&out, "TAP version 14\n1..%zu\n", suite->run_count);
    for (size_t i = 0; i < suite->run_count; i++) {
        const struct ds_run_result *run = &suite->runs[i];
        bool ok = run->result == DS_RESULT_PASS || run->result == DS_RESULT_SKIP;
        ds_buf_print(&out, "%s %zu - ", ok ? "ok" : "not ok", i + 1);
        print_name(&out, run, worlds);
        if (run->result == DS_RESULT_SKIP) {
            ds_buf_text(&out, " # SKIP ");
            ds_print_safe(&out, ds_slice_of(ds_text(run->sentence)));
        }
        ds_buf_text(&out, "\n");
        if (!ok)
            print_details(&out, suite, run);
    }
    return ds_write_file(path, &out, why);
}
