#include "report_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* verdict.json: what one run leaves behind, for whoever likes JSON. */

#define MOST_BYTES   (32u << 20) /* a story of a run and its findings, many times over */
#define MOST_SECONDS 1e9

static void print_finding(struct ds_json *json, const struct ds_result_finding *finding)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "id", finding->id);
    ds_json_text(json, "requirement", finding->requirement);
    ds_json_text(json, "verdict", finding->verdict);
    ds_json_text(json, "sentence", finding->sentence);
    ds_json_text(json, "where", finding->where);
    ds_json_flag(json, "counted", finding->counted);
    ds_json_begin(json, "frames", '[');
    for (size_t i = 0; i < finding->frame_count; i++)
        ds_json_whole(json, NULL, finding->frames[i]);
    ds_json_end(json, ']');
    ds_json_end(json, '}');
}

static void print_text(struct ds_json *json, const struct ds_run_result *result, size_t field)
{
    const char *text = ds_result_text_of(result, field);
    bool is_capture = ds_result_texts[field].at == offsetof(struct ds_run_result, capture);
    ds_json_text(json, ds_result_texts[field].name,
                 is_capture ? ds_path_below(json->folder, text) : text);
}

void ds_json_result(struct ds_json *json, const char *name, const struct ds_run_result *result)
{
    char seed[32];
    /* As text: a seed may be larger than what JavaScript calls a number. */
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)result->seed);
    ds_json_begin(json, name, '{');
    ds_json_whole(json, "schema_version", DS_SCHEMA_VERSION);
    ds_json_text(json, "result", ds_result_name(result->result));
    for (size_t i = 0; i < DS_RESULT_TEXTS; i++)
        print_text(json, result, i);
    ds_json_flag(json, "bypass", result->bypass);
    ds_json_text(json, "seed", seed);
    ds_json_real(json, "seconds", result->seconds);
    ds_json_begin(json, "findings", '[');
    for (size_t i = 0; i < result->finding_count; i++)
        print_finding(json, &result->findings[i]);
    ds_json_end(json, ']');
    ds_json_end(json, '}');
}

/* "reports/out" of "reports/out/verdict.json"; false where there is none. */
static bool folder_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash != path &&
           ds_slice_copy((struct ds_slice){path, (size_t)(slash - path)}, out, size);
}

ds_rc ds_run_result_write(const struct ds_run_result *result, const char *path, struct ds_why *why)
{
    char folder[4096];
    struct ds_json json = {.folder = folder_of(path, folder, sizeof folder) ? folder : NULL};
    ds_json_result(&json, NULL, result);
    return ds_json_write(&json, path, why);
}

/* ---- reading ---- */

static const char *text_of(const json_t *object, const char *name)
{
    return ds_text(json_string_value(json_object_get(object, name)));
}

/* A capture that is named from beside the verdict, as whoever reads the verdict names it. */
static bool place_capture(struct ds_run_result *out, const char *path)
{
    char folder[4096];
    struct ds_buf placed = {0};
    if (out->capture[0] == '\0' || out->capture[0] == '/' ||
        !folder_of(path, folder, sizeof folder))
        return true;
    ds_buf_print(&placed, "%s/%s", folder, out->capture);
    if (placed.broken)
        return false;
    free(out->capture);
    out->capture = placed.at;
    return true;
}

static const char *keep_text(const json_t *object, const char *name, struct ds_arena *arena)
{
    return ds_arena_copy(arena, ds_slice_of(text_of(object, name)));
}

static bool
read_finding(const json_t *object, struct ds_arena *arena, struct ds_result_finding *out)
{
    const json_t *frames = json_object_get(object, "frames");
    out->id = keep_text(object, "id", arena);
    out->requirement = keep_text(object, "requirement", arena);
    out->verdict = keep_text(object, "verdict", arena);
    out->sentence = keep_text(object, "sentence", arena);
    out->where = keep_text(object, "where", arena);
    out->known = ds_requirement_find(ds_slice_of(ds_text(out->id)));
    out->counted = json_is_true(json_object_get(object, "counted"));
    for (size_t i = 0; i < json_array_size(frames) && i < DS_FINDING_MAX_FRAMES; i++) {
        json_int_t frame = json_integer_value(json_array_get(frames, i));
        if (frame > 0 && frame <= UINT32_MAX)
            out->frames[out->frame_count++] = (uint32_t)frame;
    }
    return out->id != NULL && out->requirement != NULL && out->verdict != NULL &&
           out->sentence != NULL && out->where != NULL;
}

static bool read_findings(const json_t *object, struct ds_run_result *out)
{
    const json_t *findings = json_object_get(object, "findings");
    size_t count = json_array_size(findings);
    if (count > DS_MOST_FINDINGS)
        count = DS_MOST_FINDINGS;
    if (ds_run_result_add_findings(out, count) != DS_OK)
        return false;
    for (; out->finding_count < count; out->finding_count++)
        if (!read_finding(json_array_get(findings, out->finding_count), out->arena,
                          &out->findings[out->finding_count]))
            return false;
    return true;
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
    const json_t *schema = json_object_get(object, "schema_version");
    if (json_is_integer(schema) && json_integer_value(schema) != DS_SCHEMA_VERSION)
        return ds_fail(why, DS_BAD, "%s has schema version %lld; this directsip reads version %d",
                       path, (long long)json_integer_value(schema), DS_SCHEMA_VERSION);
    out->seconds = json_number_value(json_object_get(object, "seconds"));
    if (!(out->seconds >= 0 && out->seconds <= MOST_SECONDS) ||
        !read_result(object, &out->result) || seed == NULL ||
        ds_slice_number(ds_slice_of(seed), UINT64_MAX, &out->seed) != DS_OK)
        return ds_fail(why, DS_BAD, "%s is no verdict of a run", path);
    out->bypass = json_is_true(json_object_get(object, "bypass"));
    for (size_t i = 0; i < DS_RESULT_TEXTS; i++) {
        *ds_result_text(out, i) = strdup(text_of(object, ds_result_texts[i].name));
        if (*ds_result_text(out, i) == NULL)
            return ds_fail_memory(why);
    }
    return place_capture(out, path) && read_findings(object, out) ? DS_OK : ds_fail_memory(why);
}

ds_rc ds_run_result_read(const char *path, struct ds_run_result *out, struct ds_why *why)
{
    json_error_t trouble;
    struct ds_buf text = {0};
    *out = (struct ds_run_result){0};
    ds_rc rc = ds_read_file(path, "verdict of a run", MOST_BYTES, &text, why);
    if (rc != DS_OK)
        return rc;
    json_t *object = json_loadb(ds_text(text.at), text.len, JSON_REJECT_DUPLICATES, &trouble);
    ds_buf_clean_up(&text);
    if (object == NULL)
        return ds_fail(why, DS_BAD, "%s:%d is no JSON: %s", path, trouble.line, trouble.text);
    rc = read_object(object, path, out, why);
    json_decref(object);
    if (rc != DS_OK)
        ds_run_result_clean_up(out);
    return rc;
}
