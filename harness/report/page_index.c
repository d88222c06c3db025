#include "report_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a page needs of every run at once, to list, filter and count; and one run in full. */

/* In `proofs`, one letter for each requirement: passed, failed, unclear, not seen although it was
 * to be proven, or nothing that counts. */
static char letter_of(const struct ds_result_finding *finding)
{
    static const char letters[] = {
        [DS_PASS] = 'p', [DS_FAIL] = 'f', [DS_UNCLEAR] = 'u', [DS_NOT_SEEN] = 'n'};
    for (int verdict = DS_PASS; verdict <= DS_NOT_SEEN; verdict++) {
        bool needs_to_count = verdict == DS_FAIL || verdict == DS_NOT_SEEN;
        if (strcmp(ds_text(finding->verdict), ds_verdict_name((enum ds_verdict)verdict)) == 0)
            return needs_to_count && !finding->counted ? '-' : letters[verdict];
    }
    return '-';
}

/* A failure outdoes a proof, a proof what is unclear. */
static char stronger(char a, char b)
{
    static const char order[] = "-nupf";
    return strchr(order, a) > strchr(order, b) ? a : b;
}

static void print_proofs(struct ds_json *json, const struct ds_run_result *run)
{
    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    char *letters = malloc(count + 1);
    if (letters == NULL) {
        json->out.broken = true;
        return;
    }
    memset(letters, '-', count);
    letters[count] = '\0';
    for (size_t i = 0; i < run->finding_count; i++) {
        const struct ds_requirement *known = run->findings[i].known;
        if (known != NULL)
            letters[known - list] = stronger(letters[known - list], letter_of(&run->findings[i]));
    }
    ds_json_text(json, "proofs", letters);
    free(letters);
}

static void print_run(struct ds_json *json, const struct ds_run_result *run, const char *folder)
{
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)run->seed);
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "result", ds_result_name(run->result));
    for (size_t i = 0; i < DS_RESULT_TEXTS; i++) {
        const char *text = ds_result_text_of(run, i);
        size_t at = ds_result_texts[i].at;
        if (at == offsetof(struct ds_run_result, capture))
            text = ds_path_below(folder, text);
        if (at != offsetof(struct ds_run_result, log) && text[0] != '\0')
            ds_json_text(json, ds_result_texts[i].name, text);
    }
    ds_json_flag(json, "bypass", run->bypass);
    ds_json_text(json, "seed", seed);
    ds_json_real(json, "seconds", run->seconds);
    print_proofs(json, run);
    ds_json_end(json, '}');
}

static void print_requirements(struct ds_json *json)
{
    static const char *const grades[] = {[DS_DOCUMENTED] = "documented",
                                         [DS_INFERRED] = "inferred",
                                         [DS_FROM_MEMORY] = "from memory"};
    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    ds_json_begin(json, "requirements", '[');
    for (size_t i = 0; i < count; i++) {
        ds_json_begin(json, NULL, '[');
        ds_json_text(json, NULL, list[i].id);
        ds_json_text(json, NULL, list[i].sentence);
        ds_json_text(json, NULL, list[i].source);
        ds_json_text(json, NULL, grades[list[i].grade]);
        ds_json_end(json, ']');
    }
    ds_json_end(json, ']');
}

void ds_page_index(struct ds_json *json, const struct ds_suite_result *suite)
{
    ds_json_begin(json, NULL, '{');
    ds_json_whole(json, "schema_version", DS_SCHEMA_VERSION);
    ds_json_text(json, "version", suite->version);
    ds_json_text(json, "hostname", suite->hostname);
    ds_json_text(json, "started", suite->started);
    ds_json_real(json, "seconds", ds_total_seconds(suite));
    print_requirements(json);
    ds_json_begin(json, "runs", '[');
    for (size_t i = 0; i < suite->run_count; i++)
        print_run(json, &suite->runs[i], suite->folder);
    ds_json_end(json, ']');
    ds_json_end(json, '}');
}

/* ---- one run ---- */

/* Requirement's id, verdict, does it count, sentence, where, frames. Its own sentence stands in the
 * index. */
static void print_finding(struct ds_json *json, const struct ds_result_finding *finding)
{
    ds_json_begin(json, NULL, '[');
    ds_json_text(json, NULL, finding->id);
    ds_json_text(json, NULL, finding->verdict);
    ds_json_flag(json, NULL, finding->counted);
    ds_json_text(json, NULL, finding->sentence);
    ds_json_text(json, NULL, finding->where);
    ds_json_begin(json, NULL, '[');
    for (size_t i = 0; i < finding->frame_count; i++)
        ds_json_whole(json, NULL, finding->frames[i]);
    ds_json_end(json, ']');
    ds_json_end(json, ']');
}

/* Most requirements meet nothing in most runs, and nobody asked them to. */
static bool says_something(const struct ds_result_finding *finding)
{
    return finding->counted || strcmp(ds_text(finding->verdict), ds_verdict_name(DS_NOT_SEEN)) != 0;
}

void ds_page_run(struct ds_json *json,
                 const struct ds_run_result *run,
                 int64_t deployment,
                 struct ds_page_part part)
{
    bool has_seen = ds_text(run->seen)[0] != '\0';
    ds_json_begin(json, NULL, '{');
    ds_json_number(json, "deployment", deployment);
    ds_json_begin(json, "findings", '[');
    for (size_t i = 0; i < run->finding_count; i++)
        if (says_something(&run->findings[i]))
            print_finding(json, &run->findings[i]);
    ds_json_end(json, ']');
    ds_json_text(json, "log", run->result == DS_RESULT_PASS ? "" : run->log);
    ds_json_flag(json, "left_out", has_seen && !part.seen);
    if (has_seen && part.seen)
        ds_json_raw(json, "seen", ds_slice_of(run->seen));
    if (ds_text(run->sound)[0] != '\0' && part.sound)
        ds_json_raw(json, "sound", ds_slice_of(run->sound));
    ds_json_end(json, '}');
}
