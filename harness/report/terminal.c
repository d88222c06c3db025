#include "report_internal.h"

#include <string.h>

#define MOST_FINDINGS 8
#define LOG_LINES     20

static void print_text(struct ds_buf *out, const char *text)
{
    ds_print_safe(out, ds_slice_of(ds_text(text)));
}

void ds_report_line(const struct ds_run_result *run,
                    const struct ds_terminal *terminal,
                    struct ds_buf *out)
{
    struct ds_buf rest = {0}, place = {0};
    const char *word = ds_result_name(run->result);
    size_t used = strlen(word), width = terminal->width;
    ds_paint(out, terminal->colour, ds_result_colour(run->result), word);
    ds_print_place(&place, run->topology, run->variant);
    ds_buf_print(&rest, "%*s", (int)(10 - used), "");
    ds_print_padded(&rest, ds_text(run->scenario), 35);
    ds_print_padded(&rest, ds_text(place.at), 31);
    ds_print_padded(&rest, ds_text(run->call), 13);
    if (terminal->worlds)
        ds_print_padded(&rest, ds_text(run->world), 9);
    ds_buf_print(&rest, "%6.2f s", run->seconds);
    ds_print_cut(out, ds_buf_slice(&rest), width == 0 ? 0 : width > used ? width - used : 1);
    ds_buf_text(out, "\n");
    if (run->result == DS_RESULT_SKIP)
        ds_print_sentence(run, out);
    out->broken |= rest.broken || place.broken;
    ds_buf_clean_up(&rest);
    ds_buf_clean_up(&place);
}

static void print_frames(const struct ds_result_finding *finding, struct ds_buf *out)
{
    for (size_t i = 0; i < finding->frame_count; i++)
        ds_buf_print(out, "%s#%u", i == 0 ? "  " : ", ", finding->frames[i]);
}

void ds_print_finding(const struct ds_result_finding *finding,
                      const struct ds_terminal *terminal,
                      struct ds_buf *out)
{
    bool own = ds_text(finding->id)[0] == '\0';
    ds_buf_text(out, "      ");
    ds_paint(out, terminal->colour,
             strcmp(ds_text(finding->verdict), "fail") == 0 ? DS_RED : DS_YELLOW,
             ds_text(finding->verdict));
    ds_buf_text(out, "  ");
    print_text(out, own ? "expected" : finding->id);
    ds_buf_text(out, "  ");
    print_text(out, own ? finding->where : finding->requirement);
    ds_buf_text(out, "\n            ");
    if (!own && ds_text(finding->where)[0] != '\0') {
        print_text(out, finding->where);
        ds_buf_text(out, "  ");
    }
    print_text(out, finding->sentence);
    print_frames(finding, out);
    ds_buf_text(out, "\n");
}

static bool is_reason(const struct ds_result_finding *finding)
{
    return finding->counted && strcmp(ds_text(finding->verdict), "pass") != 0;
}

static size_t print_those(const struct ds_run_result *run,
                          const char *verdict,
                          const struct ds_terminal *terminal,
                          struct ds_buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < run->finding_count; i++) {
        if (!is_reason(&run->findings[i]) ||
            strcmp(ds_text(run->findings[i].verdict), verdict) != 0)
            continue;
        if (count++ < MOST_FINDINGS)
            ds_print_finding(&run->findings[i], terminal, out);
    }
    if (count > MOST_FINDINGS)
        ds_buf_print(out, "      and %zu more: see verdict.json beside the capture\n",
                     count - MOST_FINDINGS);
    return count;
}

/* Failures first. What was not seen because something failed before it would only hide them. */
static void print_findings(const struct ds_run_result *run,
                           const struct ds_terminal *terminal,
                           struct ds_buf *out)
{
    size_t hidden = 0;
    size_t shown =
        print_those(run, "fail", terminal, out) + print_those(run, "unclear", terminal, out);
    if (shown == 0) {
        print_those(run, "not-seen", terminal, out);
        return;
    }
    for (size_t i = 0; i < run->finding_count; i++)
        hidden += is_reason(&run->findings[i]) &&
                  strcmp(ds_text(run->findings[i].verdict), "not-seen") == 0;
    if (hidden > 0)
        ds_buf_print(out,
                     "      and %zu requirement%s not seen: see verdict.json beside the capture\n",
                     hidden, hidden == 1 ? "" : "s");
}

/* The run's own sentence, where no finding says it already: the scenario stopped, or the harness
 * did. */
static void print_sentence(const struct ds_run_result *run, struct ds_buf *out)
{
    for (size_t i = 0; i < run->finding_count; i++)
        if (is_reason(&run->findings[i]) &&
            strcmp(ds_text(run->findings[i].sentence), ds_text(run->sentence)) == 0)
            return;
    ds_print_sentence(run, out);
}

void ds_print_sentence(const struct ds_run_result *run, struct ds_buf *out)
{
    ds_buf_text(out, "      ");
    if (ds_text(run->where)[0] != '\0') {
        print_text(out, run->where);
        ds_buf_text(out, "  ");
    }
    print_text(out, run->sentence);
    ds_buf_text(out, "\n");
}

static void print_log(const char *log, struct ds_buf *out)
{
    struct ds_slice rest = ds_slice_of(ds_text(log)), line;
    size_t lines = 0, at = 0;
    for (size_t i = 0; i < rest.len; i++)
        lines += rest.at[i] == '\n' || i + 1 == rest.len;
    while (rest.len > 0 && ds_slice_cut(&rest, '\n', &line)) {
        if (at++ + LOG_LINES < lines)
            continue;
        ds_buf_text(out, "      | ");
        ds_print_safe(out, line);
        ds_buf_text(out, "\n");
    }
}

static void print_pointer(const char *word, const char *text, struct ds_buf *out)
{
    if (ds_text(text)[0] == '\0')
        return;
    ds_buf_print(out, "      %s", word);
    print_text(out, text);
    ds_buf_text(out, "\n");
}

void ds_print_pointers(const struct ds_run_result *run, struct ds_buf *out)
{
    print_pointer("see    ", run->capture, out);
    print_pointer("rerun  ", run->rerun, out);
}

void ds_report_failure(const struct ds_run_result *run,
                       const struct ds_terminal *terminal,
                       struct ds_buf *out)
{
    print_sentence(run, out);
    print_findings(run, terminal, out);
    if (terminal->verbosity > 0)
        print_log(run->log, out);
    ds_print_pointers(run, out);
}
