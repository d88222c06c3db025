#include "report_internal.h"

/* The kill matrix for programs. */

static json_t *red_to_json(const struct ds_kill *kill)
{
    const struct ds_red red = ds_kill_red(kill);
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; fine && i < red.count; i++)
        fine = json_array_append_new(list, ds_json_text(red.ids[i])) == 0;
    if (fine)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *slice_to_json(struct ds_slice text)
{
    return json_stringn(text.at, text.len);
}

/* An object of id and reason. */
static json_t *allowed_to_json(const struct ds_kill *kill)
{
    struct ds_slice rest = ds_slice_of(kill->allowed), entry, id;
    json_t *object = json_object();
    bool fine = object != NULL;
    while (fine && ds_slice_cut(&rest, ';', &entry)) {
        if (!ds_slice_cut(&entry, ':', &id) || entry.at == NULL)
            continue;
        id = ds_slice_trim(id);
        fine =
            json_object_setn_new(object, id.at, id.len, slice_to_json(ds_slice_trim(entry))) == 0;
    }
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *kill_to_json(const struct ds_kill *kill)
{
    json_t *object = json_object();
    bool fine = ds_json_set(object, "defect", ds_json_text(kill->defect));
    fine &= ds_json_set(object, "sentence", ds_json_text(kill->sentence));
    fine &= ds_json_set(object, "requirement", ds_json_text(kill->requirement));
    fine &= ds_json_set(object, "allowed", allowed_to_json(kill));
    fine &= ds_json_set(object, "verdict", ds_json_text(ds_kill_verdict_name(ds_kill_judge(kill))));
    fine &= ds_json_set(object, "caught_by", red_to_json(kill));
    fine &= ds_json_set(object, "run", ds_result_to_json(kill->run));
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *kills_to_json(const struct ds_kill_matrix *matrix)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; fine && i < matrix->count; i++)
        fine = json_array_append_new(list, kill_to_json(&matrix->kills[i])) == 0;
    if (fine)
        return list;
    json_decref(list);
    return NULL;
}

ds_rc ds_report_kills_json(const struct ds_kill_matrix *matrix,
                           const char *path,
                           struct ds_why *why)
{
    json_t *object = json_object();
    bool fine = ds_json_set(object, "schema_version", json_integer(DS_SCHEMA_VERSION));
    fine &= ds_json_set(object, "version", ds_json_text(matrix->version));
    fine &= ds_json_set(object, "seconds", json_real(matrix->seconds));
    fine &= ds_json_set(object, "defects", kills_to_json(matrix));
    if (!fine) {
        json_decref(object);
        object = NULL;
    }
    return ds_json_write(object, path, why);
}
