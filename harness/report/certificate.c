#include "certificate_internal.h"

#include <stdlib.h>
#include <string.h>

#define MOST_STYLE_BYTES (1u << 20)

static const char *verdict_kind(enum ds_result result)
{
    switch (result) {
    case DS_RESULT_PASS:
        return "pass";
    case DS_RESULT_FAIL:
    case DS_RESULT_ERROR:
        return "fail";
    case DS_RESULT_UNCLEAR:
    case DS_RESULT_NOT_SEEN:
    case DS_RESULT_SKIP:
        return "open";
    }
    return "open";
}

static void print_mark(struct ds_buf *out, const char *kind, const char *word)
{
    ds_buf_print(out, "<td class=\"mark %s\">%s</td>", kind, word);
}

/* ---- the first page ---- */

static void print_fact(struct ds_buf *out, const char *name, const char *value)
{
    if (ds_text(value)[0] == '\0')
        return;
    ds_buf_text(out, "<tr>");
    ds_html_element(out, "th", name);
    ds_html_element(out, "td", value);
    ds_buf_text(out, "</tr>\n");
}

static bool is_real(const struct ds_run_result *run)
{
    return strcmp(ds_text(run->world), "sim") != 0;
}

/* A simulated world has neither date nor place. */
static bool has_date(const struct ds_suite_result *suite)
{
    for (size_t i = 0; i < suite->run_count; i++)
        if (is_real(&suite->runs[i]))
            return true;
    return false;
}

static void print_evidence_kinds(struct ds_certificate *certificate)
{
    struct ds_texts kinds = {0};
    for (size_t i = 0; i < certificate->suite->run_count; i++)
        ds_texts_number(&kinds, ds_slice_of(ds_text(certificate->suite->runs[i].evidence)));
    for (size_t i = 0; i < kinds.count; i++)
        print_fact(&certificate->out, "Evidence", kinds.list[i].at);
    certificate->out.broken |= kinds.broken;
    ds_texts_clean_up(&kinds);
}

static void print_sum(struct ds_buf *out, const struct ds_suite_result *suite)
{
    static const char *const words[] = {
        [DS_RESULT_PASS] = "passed",     [DS_RESULT_FAIL] = "failed",
        [DS_RESULT_UNCLEAR] = "unclear", [DS_RESULT_NOT_SEEN] = "not seen",
        [DS_RESULT_SKIP] = "skipped",    [DS_RESULT_ERROR] = "ended in an error"};
    struct ds_totals totals = ds_totals(suite);
    bool all = suite->run_count > 0 && totals.of[DS_RESULT_PASS] == suite->run_count;
    ds_buf_print(out, "<p class=\"sum %s\">%zu of %zu cases passed", all ? "pass" : "fail",
                 totals.of[DS_RESULT_PASS], suite->run_count);
    for (int result = DS_RESULT_FAIL; result <= DS_RESULT_ERROR; result++)
        if (totals.of[result] > 0)
            ds_buf_print(out, ", %zu %s", totals.of[result], words[result]);
    ds_buf_text(out, ".</p>\n");
}

static void print_front(struct ds_certificate *certificate)
{
    const struct ds_suite_result *suite = certificate->suite;
    struct ds_buf *out = &certificate->out;
    ds_buf_text(out, "<h1>Direct SIP interoperability: report of tests</h1>\n");
    print_sum(out, suite);
    ds_buf_text(out, "<table class=\"facts\"><tbody>\n");
    if (has_date(suite)) {
        print_fact(out, "Date", suite->started);
        print_fact(out, "Place", suite->hostname);
    }
    print_fact(out, "Tested with", "directsip");
    print_fact(out, "Version", suite->version);
    print_fact(out, "World",
               certificate->worlds ? "sockets and real time, and simulated"
               : has_date(suite)   ? "sockets and real time"
                                   : "simulated: the same runs give the same bytes anywhere");
    print_evidence_kinds(certificate);
    ds_buf_text(out, "</tbody></table>\n");
}

static void print_deployments(struct ds_certificate *certificate)
{
    ds_buf_text(&certificate->out, "<h2>Deployments</h2>\n");
    for (size_t i = 0; i < certificate->deployments.count; i++)
        ds_certificate_draw(&certificate->out, certificate->deployments.list[i]);
    if (certificate->deployments.count == 0)
        ds_buf_text(&certificate->out, "<p>What stands where is not known here.</p>\n");
}

/* ---- the cases ---- */

/* The finding whose sentence is the run's own; NULL where the scenario came to an end before. */
static const struct ds_result_finding *deciding(const struct ds_run_result *run)
{
    for (size_t i = 0; i < run->finding_count; i++) {
        const struct ds_result_finding *finding = &run->findings[i];
        if (finding->counted && strcmp(ds_text(finding->verdict), "pass") != 0 &&
            strcmp(ds_text(finding->sentence), ds_text(run->sentence)) == 0)
            return finding;
    }
    return NULL;
}

static size_t count_proofs(const struct ds_run_result *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->finding_count; i++)
        count += run->findings[i].counted && strcmp(ds_text(run->findings[i].verdict), "pass") == 0;
    return count;
}

static void print_proofs(struct ds_buf *out, size_t count)
{
    if (count == 1)
        ds_buf_text(out, "The requirement that it was to prove is proven.");
    else if (count > 1)
        ds_buf_print(out, "All %zu requirements that it was to prove are proven.", count);
}

static void print_remark(struct ds_buf *out, const struct ds_run_result *run)
{
    const struct ds_result_finding *finding = deciding(run);
    ds_buf_text(out, "<td>");
    if (run->result == DS_RESULT_PASS)
        print_proofs(out, count_proofs(run));
    else
        ds_html_text(out, run->sentence);
    if (finding != NULL) {
        ds_buf_text(out, " (");
        ds_html_text(out, ds_text(finding->id)[0] == '\0' ? "expectation" : finding->id);
        if (finding->frame_count > 0)
            ds_buf_print(out, ", frame %u", finding->frames[0]);
        ds_buf_text(out, ").");
    }
    if (ds_text(run->defects)[0] != '\0') {
        ds_buf_text(out, " Switched on: ");
        ds_html_text(out, run->defects);
        ds_buf_text(out, ".");
    }
    ds_buf_text(out, "</td>");
}

static void print_case(struct ds_certificate *certificate, size_t number)
{
    const struct ds_run_result *run = &certificate->suite->runs[number];
    struct ds_buf *out = &certificate->out, name = {0};
    ds_print_run_name(&name, run, certificate->worlds);
    ds_buf_print(out, "<tr><th>%zu</th>", number + 1);
    ds_html_element(out, "td class=\"case\"", name.at);
    ds_html_element(out, "td", run->bypass ? "on" : "off");
    print_mark(out, verdict_kind(run->result), ds_result_name(run->result));
    print_remark(out, run);
    ds_buf_text(out, "</tr>\n");
    out->broken |= name.broken;
    ds_buf_clean_up(&name);
}

static void print_cases(struct ds_certificate *certificate)
{
    ds_buf_text(&certificate->out,
                "<h2>Cases</h2>\n<p>Only <em>pass</em> is a pass: what was unclear, or was not "
                "seen, has not been shown to work.</p>\n<table class=\"cases\"><thead><tr>"
                "<th>No.</th><th>Case</th><th>Bypass</th><th>Result</th><th>Remark</th></tr>"
                "</thead><tbody>\n");
    for (size_t i = 0; i < certificate->suite->run_count; i++)
        print_case(certificate, i);
    ds_buf_text(&certificate->out, "</tbody></table>\n");
}

/* ---- requirements ---- */

static void print_requirements(struct ds_certificate *certificate)
{
    static const struct {
        const char *kind, *word;
    } marks[] = {[DS_PASS] = {"pass", "proven"},
                 [DS_FAIL] = {"fail", "failed"},
                 [DS_UNCLEAR] = {"open", "unclear"},
                 [DS_NOT_SEEN] = {"open", "not seen"}};

    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    enum ds_verdict *verdicts = calloc(count + 1, sizeof *verdicts);
    struct ds_buf *out = &certificate->out;
    if (verdicts == NULL) {
        out->broken = true;
        return;
    }
    ds_proofs_sum_up(certificate->suite, verdicts);
    ds_buf_text(out, "<h2>Requirements</h2>\n<table class=\"requirements\"><thead><tr><th>Id</th>"
                     "<th>What is asked</th><th>Where</th><th>Verdict</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count; i++) {
        ds_buf_text(out, "<tr>");
        ds_html_element(out, "th", list[i].id);
        ds_html_element(out, "td", list[i].sentence);
        ds_html_element(out, "td", list[i].source);
        print_mark(out, marks[verdicts[i]].kind, marks[verdicts[i]].word);
        ds_buf_text(out, "</tr>\n");
    }
    ds_buf_text(out, "</tbody></table>\n");
    free(verdicts);
}

/* ---- the whole ---- */

static void print_signature(struct ds_buf *out)
{
    ds_buf_text(out, "<section class=\"signature\"><h2>Signature</h2>\n<p>The undersigned has read "
                     "this report, and its evidence is kept.</p>\n<dl>"
                     "<div><dt>Name</dt><dd></dd></div><div><dt>Place and date</dt><dd></dd></div>"
                     "<div><dt>Signature</dt><dd></dd></div></dl></section>\n");
}

static ds_rc print_head(struct ds_certificate *certificate, const char *viewer, struct ds_why *why)
{
    struct ds_buf path = {0}, style = {0};
    ds_buf_print(&path, "%s/certificate.css", viewer);
    ds_rc rc = path.broken ? ds_fail_memory(why)
                           : ds_read_file(path.at, "part of the certificate", MOST_STYLE_BYTES,
                                          &style, why);
    ds_buf_text(&certificate->out,
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                "<title>Direct SIP interoperability: report of tests</title>\n<style>\n");
    ds_move(&certificate->out, &style);
    ds_buf_text(&certificate->out, "</style>\n</head>\n<body>\n");
    ds_buf_clean_up(&path);
    return rc;
}

static void fill(struct ds_certificate *certificate)
{
    const struct ds_suite_result *suite = certificate->suite;
    for (size_t i = 0; i < suite->run_count; i++)
        if (ds_text(suite->runs[i].deployment)[0] != '\0')
            ds_texts_number(&certificate->deployments, ds_slice_of(suite->runs[i].deployment));
    print_front(certificate);
    ds_certificate_elements(certificate);
    print_deployments(certificate);
    print_cases(certificate);
    print_requirements(certificate);
    ds_certificate_evidence(certificate);
    print_signature(&certificate->out);
    ds_buf_text(&certificate->out, "</body>\n</html>\n");
    certificate->out.broken |= certificate->deployments.broken;
}

ds_rc ds_report_certificate(const struct ds_suite_result *suite,
                            const char *viewer,
                            const char *path,
                            struct ds_why *why)
{
    struct ds_certificate certificate = {.suite = suite, .worlds = ds_has_worlds(suite)};
    ds_rc rc = print_head(&certificate, viewer, why);
    if (rc == DS_OK) {
        fill(&certificate);
        rc = ds_write_file(path, &certificate.out, why);
    }
    ds_buf_clean_up(&certificate.out);
    ds_texts_clean_up(&certificate.deployments);
    return rc;
}
