#include "report_internal.h"

#include <string.h>

/* Workflow commands of GitHub Actions: an annotation at the scenario's line. A job's page shows ten
 * errors and ten warnings of a step, so the rest is only counted. */

#define MOST_SHOWN 10

/* Text as a command takes it: %, CR and LF as %XX, and in a property also ':' and ','. */
static void print_data(struct ds_buf *out, struct ds_slice text, const char *special)
{
    struct ds_buf safe = {0};
    for (struct ds_slice line; text.len > 0;) {
        bool is_last = memchr(text.at, '\n', text.len) == NULL;
        ds_slice_cut(&text, '\n', &line);
        ds_print_safe(&safe, line);
        ds_buf_text(&safe, is_last ? "" : "\n");
    }
    for (size_t i = 0; i < safe.len; i++) {
        if (strchr(special, safe.at[i]) != NULL)
            ds_buf_print(out, "%%%02X", (unsigned)safe.at[i]);
        else
            ds_buf_add(out, (struct ds_slice){safe.at + i, 1});
    }
    out->broken |= safe.broken;
    ds_buf_clean_up(&safe);
}

static void print_property(struct ds_buf *out, const char *name, struct ds_slice value)
{
    ds_buf_print(out, "%s=", name);
    print_data(out, value, "%\r\n:,");
}

/* A path of a scenario is relative to where directsip was run; GitHub wants it from the top of the
 * workspace. */
static void print_file(struct ds_buf *out, const struct ds_github *github, struct ds_slice file)
{
    struct ds_buf whole = {0};
    const char *folder = ds_text(github->folder), *below = ds_path_below(github->workspace, folder);
    bool is_relative = file.len > 0 && file.at[0] != '/';
    if (is_relative && below != folder)
        ds_buf_print(&whole, "%s/", below);
    ds_buf_add(&whole, file);
    print_property(out, "file", ds_slice_of(ds_path_below(github->workspace, ds_text(whole.at))));
    out->broken |= whole.broken;
    ds_buf_clean_up(&whole);
}

static bool is_error(const struct ds_notice *notice)
{
    return notice->run->result == DS_RESULT_FAIL || notice->run->result == DS_RESULT_ERROR;
}

static void
print_notice(struct ds_buf *out, const struct ds_github *github, const struct ds_notice *notice)
{
    const struct ds_terminal plain = {.verbosity = 0};
    struct ds_buf text = {0};
    ds_notice_print(notice, &text);
    ds_buf_text(&text, "\n");
    ds_report_failure(notice->run, &plain, &text);
    ds_buf_print(out, "::%s ", is_error(notice) ? "error" : "warning");
    print_file(out, github, notice->file);
    ds_buf_print(out, ",line=%llu,", (unsigned long long)notice->line);
    print_property(out, "title", ds_slice_of(notice->rule));
    ds_buf_text(out, "::");
    print_data(out, ds_buf_slice(&text), "%\r\n");
    ds_buf_text(out, "\n");
    out->broken |= text.broken;
    ds_buf_clean_up(&text);
}

void ds_report_github(const struct ds_suite_result *suite,
                      const struct ds_github *github,
                      struct ds_buf *out)
{
    struct ds_notice notices[DS_MOST_NOTICES];
    size_t shown[2] = {0}, hidden = 0;
    bool more;
    size_t count = ds_notices_find(suite, notices, DS_COUNT(notices), &more);
    for (size_t i = 0; i < count; i++) {
        if (shown[is_error(&notices[i])]++ < MOST_SHOWN)
            print_notice(out, github, &notices[i]);
        else
            hidden++;
    }
    if (hidden > 0)
        ds_buf_print(out,
                     "::notice title=directsip::%s%zu more did not pass: see the log and the "
                     "summary of this job\n",
                     more ? "at least " : "", hidden);
}
