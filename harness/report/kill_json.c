#include "report_internal.h"

/* The kill matrix for programs. */

static void print_red(struct ds_json *json, const struct ds_kill *kill)
{
    const struct ds_red red = ds_kill_red(kill);
    ds_json_begin(json, "caught_by", '[');
    for (size_t i = 0; i < red.count; i++)
        ds_json_text(json, NULL, red.ids[i]);
    ds_json_end(json, ']');
}

static void print_slice(struct ds_json *json, const char *name, struct ds_slice text)
{
    struct ds_buf copy = {0};
    ds_buf_add(&copy, text);
    ds_json_text(json, name, ds_text(copy.at));
    json->out.broken |= copy.broken;
    ds_buf_clean_up(&copy);
}

/* Each with its id and reason. */
static void print_allowed(struct ds_json *json, const struct ds_kill *kill)
{
    struct ds_slice rest = ds_slice_of(kill->allowed), entry, id;
    ds_json_begin(json, "allowed", '[');
    while (ds_slice_cut(&rest, ';', &entry)) {
        if (!ds_slice_cut(&entry, ':', &id) || entry.at == NULL)
            continue;
        ds_json_begin(json, NULL, '{');
        print_slice(json, "id", ds_slice_trim(id));
        print_slice(json, "reason", ds_slice_trim(entry));
        ds_json_end(json, '}');
    }
    ds_json_end(json, ']');
}

static void print_kill(struct ds_json *json, const struct ds_kill *kill)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "defect", kill->defect);
    ds_json_text(json, "sentence", kill->sentence);
    ds_json_text(json, "requirement", kill->requirement);
    print_allowed(json, kill);
    ds_json_text(json, "verdict", ds_kill_verdict_name(ds_kill_judge(kill)));
    print_red(json, kill);
    ds_json_result(json, "run", kill->run);
    ds_json_end(json, '}');
}

ds_rc ds_report_kills_json(const struct ds_kill_matrix *matrix,
                           const char *path,
                           struct ds_why *why)
{
    struct ds_json json = {.folder = matrix->folder};
    ds_json_begin(&json, NULL, '{');
    ds_json_whole(&json, "schema_version", DS_SCHEMA_VERSION);
    ds_json_text(&json, "version", matrix->version);
    ds_json_begin(&json, "defects", '[');
    for (size_t i = 0; i < matrix->count; i++)
        print_kill(&json, &matrix->kills[i]);
    ds_json_end(&json, ']');
    ds_json_end(&json, '}');
    return ds_json_write(&json, path, why);
}
