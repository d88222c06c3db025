#include "report_internal.h"

#include <stdio.h>

/* GitLab's code quality report: what did not pass, shown at the scenario's line in a merge request.
 * A fingerprint must be the same from pipeline to pipeline as long as the trouble is. */

static const char *severity(enum ds_result result)
{
    return result == DS_RESULT_ERROR ? "blocker" : result == DS_RESULT_FAIL ? "critical" : "minor";
}

static void print_fingerprint(struct ds_json *json, const struct ds_notice *notice)
{
    char text[32];
    struct ds_buf what = {0};
    ds_buf_print(&what, "%.*s:%llu %s %s", DS_FMT(notice->file), (unsigned long long)notice->line,
                 notice->rule, ds_result_name(notice->run->result));
    snprintf(text, sizeof text, "%016llx", (unsigned long long)ds_hash(ds_buf_slice(&what)));
    ds_json_text(json, "fingerprint", text);
    json->out.broken |= what.broken;
    ds_buf_clean_up(&what);
}

static void print_location(struct ds_json *json, const struct ds_notice *notice)
{
    struct ds_buf path = {0};
    ds_buf_add(&path, notice->file);
    ds_json_begin(json, "location", '{');
    ds_json_text(json, "path", path.at);
    ds_json_begin(json, "lines", '{');
    ds_json_whole(json, "begin", notice->line);
    ds_json_end(json, '}');
    ds_json_end(json, '}');
    json->out.broken |= path.broken;
    ds_buf_clean_up(&path);
}

static void print_notice(struct ds_json *json, const struct ds_notice *notice)
{
    struct ds_buf text = {0};
    ds_notice_print(notice, &text);
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "description", text.at);
    ds_json_text(json, "check_name", notice->rule);
    print_fingerprint(json, notice);
    ds_json_text(json, "severity", severity(notice->run->result));
    print_location(json, notice);
    ds_json_end(json, '}');
    json->out.broken |= text.broken;
    ds_buf_clean_up(&text);
}

ds_rc ds_report_code_quality(const struct ds_suite_result *suite,
                             const char *path,
                             struct ds_why *why)
{
    struct ds_json json = {0};
    struct ds_notice notices[DS_MOST_NOTICES];
    bool more;
    size_t count = ds_notices_find(suite, notices, DS_COUNT(notices), &more);
    ds_json_begin(&json, NULL, '[');
    for (size_t i = 0; i < count; i++)
        print_notice(&json, &notices[i]);
    ds_json_end(&json, ']');
    return ds_json_write(&json, path, why);
}
