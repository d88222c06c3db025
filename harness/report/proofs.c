#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/* What all runs together say of each requirement. */

/* One counted failure is one too many; short of that, one proof is enough. */
static enum ds_verdict both(enum ds_verdict so_far, const struct ds_result_finding *finding)
{
    const char *verdict = ds_text(finding->verdict);
    if (so_far == DS_FAIL || (finding->counted && strcmp(verdict, ds_verdict_name(DS_FAIL)) == 0))
        return DS_FAIL;
    if (so_far == DS_PASS || strcmp(verdict, ds_verdict_name(DS_PASS)) == 0)
        return DS_PASS;
    return strcmp(verdict, ds_verdict_name(DS_NOT_SEEN)) == 0 ? so_far : DS_UNCLEAR;
}

void ds_proofs_sum_up(const struct ds_suite_result *suite, enum ds_verdict *verdicts)
{
    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    for (size_t i = 0; i < count; i++)
        verdicts[i] = DS_NOT_SEEN;
    for (size_t i = 0; i < suite->run_count; i++) {
        for (size_t k = 0; k < suite->runs[i].finding_count; k++) {
            const struct ds_result_finding *finding = &suite->runs[i].findings[k];
            if (finding->known != NULL)
                verdicts[finding->known - list] = both(verdicts[finding->known - list], finding);
        }
    }
}

/* Ids of one verdict, wrapped to the width. */
static void print_ids(const enum ds_verdict *verdicts,
                      enum ds_verdict verdict,
                      const struct ds_terminal *terminal,
                      struct ds_buf *out)
{
    static const struct {
        const char *word;
        enum ds_colour colour;
    } headings[] = {[DS_PASS] = {"proven", DS_GREEN},
                    [DS_FAIL] = {"failed", DS_RED},
                    [DS_UNCLEAR] = {"unclear", DS_YELLOW},
                    [DS_NOT_SEEN] = {"not seen", DS_YELLOW}};

    size_t count, used = 0, indent = 10, width = terminal->width == 0 ? 100 : terminal->width;
    const struct ds_requirement *list = ds_requirements(&count);
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i] != verdict)
            continue;
        if (used == 0) {
            ds_paint(out, terminal->colour, headings[verdict].colour, headings[verdict].word);
            ds_buf_print(out, "%*s", (int)(indent - strlen(headings[verdict].word)), "");
            used = indent;
        } else if (used + 1 + strlen(list[i].id) > width) {
            ds_buf_print(out, "\n%*s", (int)indent, "");
            used = indent;
        }
        ds_buf_print(out, "%s ", list[i].id);
        used += 1 + strlen(list[i].id);
    }
    if (used > 0)
        ds_buf_text(out, "\n");
}

void ds_print_proofs(const struct ds_suite_result *suite,
                     const struct ds_terminal *terminal,
                     struct ds_buf *out)
{
    size_t count;
    ds_requirements(&count);
    enum ds_verdict *verdicts = calloc(count + 1, sizeof *verdicts);
    if (verdicts == NULL) {
        out->broken = true;
        return;
    }
    ds_proofs_sum_up(suite, verdicts);
    for (int verdict = DS_PASS; verdict <= DS_NOT_SEEN; verdict++)
        print_ids(verdicts, (enum ds_verdict)verdict, terminal, out);
    free(verdicts);
}
