#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * The page is the viewer's own index.html with three kinds of lines replaced: a style sheet and a
 * script that it names by what they hold, and `<!-- runs -->` by the runs, as JSON in elements that
 * no browser reads before it is asked to. Opened without all this, from its folder, it is the same
 * page without runs.
 */

#define MOST_VIEWER_BYTES   (1u << 20)
#define MOST_SCENARIO_BYTES (64u << 10)

struct page {
    const struct ds_suite_result *suite;
    const char *viewer;
    struct ds_out_file file;     /* owned */
    struct ds_json json;         /* owned: what is not in the file yet */
    struct ds_texts deployments; /* owned */
    struct ds_page_part *parts;  /* owned; of each run */
};

/* ---- what there is room for ---- */

static bool fits(const char *text, size_t *bytes_left)
{
    size_t bytes = strlen(ds_text(text));
    if (bytes > *bytes_left)
        return false;
    *bytes_left -= bytes;
    return true;
}

static void make_room(struct page *page, bool passed, size_t *bytes_left, size_t *sound_bytes_left)
{
    const struct ds_suite_result *suite = page->suite;
    for (size_t i = 0; i < suite->run_count; i++)
        if ((suite->runs[i].result == DS_RESULT_PASS) == passed)
            page->parts[i].seen = fits(suite->runs[i].seen, bytes_left);
    for (size_t i = 0; i < suite->run_count; i++)
        if ((suite->runs[i].result == DS_RESULT_PASS) == passed && page->parts[i].seen)
            page->parts[i].sound = fits(suite->runs[i].sound, sound_bytes_left);
}

/* Those that did not pass come first, and are heard wherever they are seen. */
static void make_rooms(struct page *page)
{
    size_t bytes_left = DS_PAGE_BYTES, sound_bytes_left = DS_PAGE_SOUND_BYTES;
    make_room(page, false, &bytes_left, &bytes_left);
    make_room(page, true, &bytes_left, &sound_bytes_left);
}

/* ---- runs ---- */

static struct ds_json *begin_data(struct page *page, const char *name, size_t number)
{
    page->json = (struct ds_json){.out = page->json.out, .in_page = true};
    ds_buf_print(&page->json.out, "<script type=\"application/json\" id=\"%s-%zu\">", name, number);
    return &page->json;
}

static ds_rc end_data(struct page *page, struct ds_why *why)
{
    ds_buf_text(&page->json.out, "</script>\n");
    return ds_out_put_much(&page->file, &page->json.out, why);
}

static ds_rc print_index(struct page *page, struct ds_why *why)
{
    ds_page_index(begin_data(page, "suite", 0), page->suite);
    return end_data(page, why);
}

static ds_rc print_runs(struct page *page, struct ds_why *why)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < page->suite->run_count && rc == DS_OK; i++) {
        const struct ds_run_result *run = &page->suite->runs[i];
        const char *text = ds_text(run->deployment);
        int64_t deployment =
            text[0] == '\0' ? -1 : (int64_t)ds_texts_number(&page->deployments, ds_slice_of(text));
        ds_page_run(begin_data(page, "run", i), run, deployment, page->parts[i]);
        rc = end_data(page, why);
    }
    return rc;
}

static ds_rc print_deployments(struct page *page, struct ds_why *why)
{
    ds_rc rc = page->deployments.broken ? ds_fail_memory(why) : DS_OK;
    for (size_t i = 0; i < page->deployments.count && rc == DS_OK; i++) {
        ds_json_raw(begin_data(page, "deployment", i), NULL, page->deployments.list[i]);
        rc = end_data(page, why);
    }
    return rc;
}

/* The scenarios' files, as far as they can be read: findings name their lines. */
static ds_rc print_scenarios(struct page *page, struct ds_why *why)
{
    struct ds_texts paths = {0};
    struct ds_json *json = begin_data(page, "scenarios", 0);
    for (size_t i = 0; i < page->suite->run_count; i++)
        ds_texts_number(&paths, ds_slice_of(ds_text(page->suite->runs[i].scenario_path)));
    ds_json_begin(json, NULL, '[');
    for (size_t i = 0; i < paths.count; i++) {
        struct ds_buf text = {0};
        const char *path = paths.list[i].at; /* a whole text of the result */
        ds_rc rc = ds_read_file(path, "scenario", MOST_SCENARIO_BYTES, &text, NULL);
        json->out.broken |= rc == DS_NOMEM;
        if (rc != DS_OK)
            continue;
        ds_json_begin(json, NULL, '[');
        ds_json_text(json, NULL, path);
        ds_json_slice(json, NULL, ds_buf_slice(&text));
        ds_json_end(json, ']');
        ds_buf_clean_up(&text);
    }
    ds_json_end(json, ']');
    json->out.broken |= paths.broken;
    ds_texts_clean_up(&paths);
    return end_data(page, why);
}

static ds_rc print_data(struct page *page, struct ds_why *why)
{
    ds_rc rc = print_index(page, why);
    if (rc == DS_OK)
        rc = print_runs(page, why);
    if (rc == DS_OK)
        rc = print_deployments(page, why);
    return rc == DS_OK ? print_scenarios(page, why) : rc;
}

/* ---- the viewer's files ---- */

static ds_rc
read_viewer(const struct page *page, struct ds_slice name, struct ds_buf *out, struct ds_why *why)
{
    struct ds_buf path = {0};
    ds_buf_print(&path, "%s/%.*s", page->viewer, DS_FMT(name));
    ds_rc rc = path.broken ? ds_fail_memory(why)
                           : ds_read_file(path.at, "part of the report's page", MOST_VIEWER_BYTES,
                                          out, why);
    ds_buf_clean_up(&path);
    return rc;
}

/* What stands between `before` and `after`, where the line is nothing else. */
static bool
is_line(struct ds_slice line, const char *before, const char *after, struct ds_slice *name)
{
    struct ds_slice start = ds_slice_of(before), end = ds_slice_of(after);
    if (!ds_slice_starts(line, start) || line.len < start.len + end.len ||
        !ds_slice_equal(ds_slice_from(line, line.len - end.len), end))
        return false;
    *name = (struct ds_slice){line.at + start.len, line.len - start.len - end.len};
    return true;
}

static ds_rc put_file(struct page *page, const char *tag, struct ds_slice name, struct ds_why *why)
{
    struct ds_buf text = {0};
    ds_rc rc = read_viewer(page, name, &text, why);
    if (rc != DS_OK)
        return rc;
    ds_buf_print(&page->json.out, "<%s>\n", tag);
    ds_move(&page->json.out, &text);
    ds_buf_print(&page->json.out, "</%s>\n", tag);
    return DS_OK;
}

static ds_rc put_line(struct page *page, struct ds_slice line, struct ds_why *why)
{
    struct ds_slice name, bare = ds_slice_trim(line);
    if (is_line(bare, "<link rel=\"stylesheet\" href=\"", "\">", &name))
        return put_file(page, "style", name, why);
    if (is_line(bare, "<script src=\"", "\"></script>", &name))
        return put_file(page, "script", name, why);
    if (ds_slice_equal(bare, DS_LITERAL("<!-- runs -->")))
        return print_data(page, why);
    ds_buf_add(&page->json.out, line);
    ds_buf_text(&page->json.out, "\n");
    return DS_OK;
}

static ds_rc fill(struct page *page, struct ds_why *why)
{
    struct ds_buf frame = {0};
    struct ds_slice line;
    ds_rc rc = read_viewer(page, DS_LITERAL("index.html"), &frame, why);
    struct ds_slice rest = ds_buf_slice(&frame);
    while (rc == DS_OK && ds_slice_cut(&rest, '\n', &line))
        rc = put_line(page, line, why);
    ds_buf_clean_up(&frame);
    return rc;
}

ds_rc ds_report_page(const struct ds_suite_result *suite,
                     const char *viewer,
                     const char *path,
                     struct ds_why *why)
{
    struct page page = {.suite = suite, .viewer = viewer};
    page.parts = calloc(suite->run_count + 1, sizeof *page.parts);
    if (page.parts == NULL)
        return ds_fail_memory(why);
    make_rooms(&page);
    ds_rc rc = ds_out_open(&page.file, path, why);
    if (rc == DS_OK)
        rc = fill(&page, why);
    if (rc == DS_OK)
        rc = ds_out_put(&page.file, &page.json.out, why);
    if (rc == DS_OK)
        rc = ds_out_close(&page.file, why);
    ds_out_drop(&page.file);
    ds_buf_clean_up(&page.json.out);
    ds_texts_clean_up(&page.deployments);
    free(page.parts);
    return rc;
}
