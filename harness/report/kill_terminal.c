#include "report_internal.h"

#include <string.h>

#define VERDICT_COLUMNS 13
#define ID_COLUMNS      9

/* ---- a line for each misbehaviour ---- */

struct widths {
    size_t defect, red;
};

static void print_red(const struct ds_kill *kill, struct ds_buf *out)
{
    const struct ds_red red = ds_kill_red(kill);
    for (size_t i = 0; i < red.count; i++)
        ds_buf_print(out, "%s%s", i == 0 ? "" : " ", red.ids[i]);
    if (red.count == 0)
        ds_buf_text(out, "-");
}

static struct widths measure(const struct ds_kill_matrix *matrix)
{
    struct widths widths = {.defect = strlen("misbehaviour"), .red = strlen("caught by")};
    for (size_t i = 0; i < matrix->count; i++) {
        struct ds_buf red = {0};
        size_t defect = strlen(matrix->kills[i].defect);
        print_red(&matrix->kills[i], &red);
        widths.defect = defect > widths.defect ? defect : widths.defect;
        widths.red = red.len > widths.red ? red.len : widths.red;
        ds_buf_clean_up(&red);
    }
    return widths;
}

static void print_heading(const struct widths *widths, struct ds_buf *out)
{
    ds_print_padded(out, "", VERDICT_COLUMNS);
    ds_print_padded(out, "misbehaviour", widths->defect + 2);
    ds_print_padded(out, "must", ID_COLUMNS);
    ds_print_padded(out, "caught by", widths->red + 2);
    ds_buf_text(out, "what it does\n");
}

static void print_line(const struct ds_kill *kill,
                       enum ds_kill_verdict verdict,
                       const struct widths *widths,
                       const struct ds_terminal *terminal,
                       struct ds_buf *out)
{
    static const enum ds_colour colours[DS_KILL_VERDICTS] = {[DS_CAUGHT] = DS_GREEN,
                                                             [DS_MISSED] = DS_RED,
                                                             [DS_FALSE_ALARM] = DS_RED,
                                                             [DS_NOT_RUN] = DS_YELLOW};

    const char *word = ds_kill_verdict_name(verdict);
    size_t used = strlen(word), width = terminal->width;
    struct ds_buf rest = {0}, red = {0};
    print_red(kill, &red);
    ds_paint(out, terminal->colour, colours[verdict], word);
    ds_buf_print(&rest, "%*s", (int)(VERDICT_COLUMNS - used), "");
    ds_print_padded(&rest, kill->defect, widths->defect + 2);
    ds_print_padded(&rest, kill->requirement, ID_COLUMNS);
    ds_print_padded(&rest, ds_text(red.at), widths->red + 2);
    ds_print_safe(&rest, ds_slice_of(kill->sentence));
    ds_print_cut(out, ds_buf_slice(&rest), width == 0 ? 0 : width > used ? width - used : 1);
    ds_buf_text(out, "\n");
    out->broken |= rest.broken || red.broken;
    ds_buf_clean_up(&rest);
    ds_buf_clean_up(&red);
}

/* ---- why it is not as it must be ---- */

static bool is_fail(const struct ds_result_finding *finding)
{
    return strcmp(ds_text(finding->verdict), ds_verdict_name(DS_FAIL)) == 0;
}

/* What the run says of the requirement that ought to be red. */
static void
print_missed(const struct ds_kill *kill, const struct ds_terminal *terminal, struct ds_buf *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < kill->run->finding_count; i++) {
        const struct ds_result_finding *finding = &kill->run->findings[i];
        if (strcmp(ds_text(finding->id), kill->requirement) != 0)
            continue;
        ds_print_finding(finding, terminal, out);
        shown++;
    }
    if (shown == 0)
        ds_buf_print(out, "      %s was not judged in this run\n", kill->requirement);
}

static void
print_unrelated(const struct ds_kill *kill, const struct ds_terminal *terminal, struct ds_buf *out)
{
    for (size_t i = 0; i < kill->run->finding_count; i++) {
        const struct ds_result_finding *finding = &kill->run->findings[i];
        const char *id = ds_text(finding->id);
        if (is_fail(finding) && id[0] != '\0' && strcmp(id, kill->requirement) != 0 &&
            ds_kill_allows(kill, id).at == NULL)
            ds_print_finding(finding, terminal, out);
    }
}

static void print_companions(const struct ds_kill *kill, struct ds_buf *out)
{
    const struct ds_red red = ds_kill_red(kill);
    for (size_t i = 0; i < red.count; i++) {
        struct ds_slice reason = ds_kill_allows(kill, red.ids[i]);
        if (reason.at != NULL)
            ds_buf_print(out, "      with  %-8s %.*s\n", red.ids[i], DS_FMT(reason));
    }
}

static void print_block(const struct ds_kill *kill,
                        enum ds_kill_verdict verdict,
                        const struct ds_terminal *terminal,
                        struct ds_buf *out)
{
    if (verdict == DS_NOT_RUN)
        ds_print_sentence(kill->run, out);
    if (verdict == DS_MISSED)
        print_missed(kill, terminal, out);
    if (verdict != DS_NOT_RUN)
        print_unrelated(kill, terminal, out);
    if (terminal->verbosity > 0)
        print_companions(kill, out);
    if (verdict != DS_CAUGHT || terminal->verbosity > 0)
        ds_print_pointers(kill->run, out);
}

/* ---- all of them ---- */

static void print_sum(const struct ds_kill_matrix *matrix, struct ds_buf *out)
{
    size_t of[DS_KILL_VERDICTS] = {0};
    for (size_t i = 0; i < matrix->count; i++)
        of[ds_kill_judge(&matrix->kills[i])]++;
    ds_buf_print(out,
                 "%zu misbehaviour%s: %zu caught, %zu missed, %zu with a false alarm, %zu not run "
                 "in %.1f s\n",
                 matrix->count, matrix->count == 1 ? "" : "s", of[DS_CAUGHT], of[DS_MISSED],
                 of[DS_FALSE_ALARM], of[DS_NOT_RUN], matrix->seconds);
}

void ds_report_kills(const struct ds_kill_matrix *matrix,
                     const struct ds_terminal *terminal,
                     struct ds_buf *out)
{
    const struct widths widths = measure(matrix);
    if (terminal->verbosity >= 0)
        print_heading(&widths, out);
    for (size_t i = 0; i < matrix->count; i++) {
        enum ds_kill_verdict verdict = ds_kill_judge(&matrix->kills[i]);
        if (verdict == DS_CAUGHT && terminal->verbosity < 0)
            continue;
        print_line(&matrix->kills[i], verdict, &widths, terminal, out);
        print_block(&matrix->kills[i], verdict, terminal, out);
    }
    ds_buf_text(out, "\n");
    print_sum(matrix, out);
}
