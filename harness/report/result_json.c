#include "report_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* verdict.json: what one run leaves behind. Read back by the suite, and by whoever likes JSON. */

#define SCHEMA_VERSION 1
#define MOST_FINDINGS  10000

/* The texts of a result and their names in the file. */
struct text_field {
    const char *name;
    size_t at;
};

#define TEXT(field)                                                                                \
    {                                                                                              \
#field, offsetof(struct ds_run_result, field)                                              \
    }
static const struct text_field texts[] = {
    TEXT(id),      TEXT(scenario), TEXT(scenario_path), TEXT(topology), TEXT(variant),
    TEXT(call),    TEXT(option),   TEXT(sentence),      TEXT(where),    TEXT(evidence),
    TEXT(capture), TEXT(rerun),    TEXT(log),
};
#undef TEXT

static char *const *text_at(const struct ds_run_result *result, size_t field)
{
    return (char *const *)(const void *)((const char *)result + texts[field].at);
}

/* Text that JSON can hold: what is no UTF-8 is written as \xNN. */
static json_t *safe_string(const char *text)
{
    struct ds_buf safe = {0};
    json_t *string = json_string(ds_text(text));
    if (string != NULL)
        return string;
    ds_print_safe(&safe, ds_slice_of(ds_text(text)));
    string = safe.broken ? NULL : json_string(safe.at == NULL ? "" : safe.at);
    ds_buf_clean_up(&safe);
    return string;
}

static json_t *finding_to_json(const struct ds_result_finding *finding)
{
    json_t *frames = json_array();
    for (size_t i = 0; i < finding->frame_count; i++)
        json_array_append_new(frames, json_integer(finding->frames[i]));
    json_t *object = json_object();
    json_object_set_new(object, "id", safe_string(finding->id));
    json_object_set_new(object, "requirement", safe_string(finding->requirement));
    json_object_set_new(object, "verdict", safe_string(finding->verdict));
    json_object_set_new(object, "sentence", safe_string(finding->sentence));
    json_object_set_new(object, "where", safe_string(finding->where));
    json_object_set_new(object, "counted", json_boolean(finding->counted));
    json_object_set_new(object, "frames", frames);
    return object;
}

json_t *ds_result_to_json(const struct ds_run_result *result)
{
    json_t *object = json_object(), *findings = json_array();
    json_object_set_new(object, "schema_version", json_integer(SCHEMA_VERSION));
    json_object_set_new(object, "result", json_string(ds_result_name(result->result)));
    for (size_t i = 0; i < DS_COUNT(texts); i++)
        json_object_set_new(object, texts[i].name, safe_string(*text_at(result, i)));
    json_object_set_new(object, "bypass", json_boolean(result->bypass));
    /* As text: a seed may be larger than what JavaScript calls a number. */
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)result->seed);
    json_object_set_new(object, "seed", json_string(seed));
    json_object_set_new(object, "seconds", json_real(result->seconds));
    for (size_t i = 0; i < result->finding_count; i++)
        json_array_append_new(findings, finding_to_json(&result->findings[i]));
    json_object_set_new(object, "findings", findings);
    return object;
}

ds_rc ds_run_result_write(const struct ds_run_result *result, const char *path, struct ds_why *why)
{
    struct ds_buf text = {0};
    json_t *object = ds_result_to_json(result);
    char *dumped = object == NULL ? NULL : json_dumps(object, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    json_decref(object);
    if (dumped == NULL)
        return ds_fail_memory(why);
    ds_buf_print(&text, "%s\n", dumped);
    free(dumped);
    return ds_write_file(path, &text, why);
}

/* ---- reading ---- */

static char *read_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return strdup(ds_text(text));
}

static bool read_finding(const json_t *object, struct ds_result_finding *out)
{
    const json_t *frames = json_object_get(object, "frames");
    out->id = read_text(object, "id");
    out->requirement = read_text(object, "requirement");
    out->verdict = read_text(object, "verdict");
    out->sentence = read_text(object, "sentence");
    out->where = read_text(object, "where");
    out->counted = json_is_true(json_object_get(object, "counted"));
    for (size_t i = 0; i < json_array_size(frames) && i < DS_FINDING_MAX_FRAMES; i++)
        out->frames[out->frame_count++] = (uint32_t)json_integer_value(json_array_get(frames, i));
    return out->id != NULL && out->requirement != NULL && out->verdict != NULL &&
           out->sentence != NULL && out->where != NULL;
}

static bool read_findings(const json_t *object, struct ds_run_result *out)
{
    const json_t *findings = json_object_get(object, "findings");
    size_t count = json_array_size(findings);
    if (count > MOST_FINDINGS)
        count = MOST_FINDINGS;
    out->findings = calloc(count + 1, sizeof *out->findings);
    for (size_t i = 0; out->findings != NULL && i < count; i++) {
        out->finding_count++;
        if (!read_finding(json_array_get(findings, i), &out->findings[i]))
            return false;
    }
    return out->findings != NULL;
}

static bool read_result(const json_t *object, enum ds_result *out)
{
    const char *name = json_string_value(json_object_get(object, "result"));
    for (int each = DS_RESULT_PASS; name != NULL && each <= DS_RESULT_ERROR; each++) {
        *out = (enum ds_result)each;
        if (strcmp(name, ds_result_name(*out)) == 0)
            return true;
    }
    return false;
}

static ds_rc
read_object(const json_t *object, const char *path, struct ds_run_result *out, struct ds_why *why)
{
    const char *seed = json_string_value(json_object_get(object, "seed"));
    if (!read_result(object, &out->result) || seed == NULL ||
        ds_slice_number(ds_slice_of(seed), UINT64_MAX, &out->seed) != DS_OK)
        return ds_fail(why, DS_BAD, "%s is no verdict of a run", path);
    out->bypass = json_is_true(json_object_get(object, "bypass"));
    out->seconds = json_number_value(json_object_get(object, "seconds"));
    for (size_t i = 0; i < DS_COUNT(texts); i++) {
        char *text = read_text(object, texts[i].name);
        *(char **)(void *)((char *)out + texts[i].at) = text;
        if (text == NULL)
            return ds_fail_memory(why);
    }
    return read_findings(object, out) ? DS_OK : ds_fail_memory(why);
}

ds_rc ds_run_result_read(const char *path, struct ds_run_result *out, struct ds_why *why)
{
    json_error_t trouble;
    json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, &trouble);
    *out = (struct ds_run_result){0};
    if (object == NULL)
        return ds_fail(why, DS_BAD, "cannot read %s: %s", path, trouble.text);
    ds_rc rc = read_object(object, path, out, why);
    json_decref(object);
    if (rc != DS_OK)
        ds_run_result_clean_up(out);
    return rc;
}
