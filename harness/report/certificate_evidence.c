#include "certificate_internal.h"

#include <errno.h>
#include <stdio.h>

#include <openssl/evp.h>

/* Files by their SHA-256 (FIPS 180-4), as sha256sum prints it: whoever has a file can tell whether
 * it is the one that was judged. */

#define CHUNK_BYTES 65536

static bool digest(FILE *file, EVP_MD_CTX *context, unsigned char *out, unsigned *len)
{
    unsigned char chunk[CHUNK_BYTES];
    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
        return false;
    for (size_t got = sizeof chunk; got == sizeof chunk;) {
        got = fread(chunk, 1, sizeof chunk, file);
        if (EVP_DigestUpdate(context, chunk, got) != 1)
            return false;
    }
    return ferror(file) == 0 && EVP_DigestFinal_ex(context, out, len) == 1;
}

/* 64 digits; or a word, where the file cannot be read any more. */
static void print_hash(struct ds_buf *out, const char *path)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    FILE *file = fopen(path, "rbe");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = file != NULL && context != NULL && digest(file, context, bytes, &len);
    out->broken |= context == NULL || (file != NULL && !done && ferror(file) == 0) ||
                   (file == NULL && errno == ENOMEM);
    ds_buf_text(out, done ? "<td class=\"hash\">" : "<td>it cannot be read here");
    for (unsigned i = 0; done && i < len; i++)
        ds_buf_print(out, "%02x", bytes[i]);
    ds_buf_text(out, "</td>");
    EVP_MD_CTX_free(context);
    if (file != NULL)
        fclose(file);
}

static void print_file(struct ds_buf *out, const char *name, const char *path)
{
    ds_html_element(out, "td class=\"path\"", name);
    if (ds_text(path)[0] == '\0')
        ds_buf_text(out, "<td>there is none</td>");
    else
        print_hash(out, path);
    ds_buf_text(out, "</tr>\n");
}

static void print_captures(struct ds_certificate *certificate)
{
    const struct ds_suite_result *suite = certificate->suite;
    struct ds_buf *out = &certificate->out;
    ds_buf_text(out, "<table class=\"evidence\"><caption>Captures, by the number of the case"
                     "</caption><thead><tr><th>No.</th><th>Capture</th><th>SHA-256</th></tr>"
                     "</thead><tbody>\n");
    for (size_t i = 0; i < suite->run_count; i++) {
        const char *path = ds_text(suite->runs[i].capture);
        ds_buf_print(out, "<tr><th>%zu</th>", i + 1);
        print_file(out, ds_path_below(suite->folder, path), path);
    }
    ds_buf_text(out, "</tbody></table>\n");
}

static void print_scenarios(struct ds_certificate *certificate)
{
    const struct ds_suite_result *suite = certificate->suite;
    struct ds_texts paths = {0};
    struct ds_buf *out = &certificate->out;
    for (size_t i = 0; i < suite->run_count; i++)
        ds_texts_number(&paths, ds_slice_of(ds_text(suite->runs[i].scenario_path)));
    ds_buf_text(out, "<table class=\"evidence\"><caption>Scenarios</caption><thead><tr>"
                     "<th>Scenario</th><th>SHA-256</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < paths.count; i++) {
        ds_buf_text(out, "<tr>");
        print_file(out, paths.list[i].at, paths.list[i].at); /* a whole text of the result */
    }
    ds_buf_text(out, "</tbody></table>\n");
    out->broken |= paths.broken;
    ds_texts_clean_up(&paths);
}

void ds_certificate_evidence(struct ds_certificate *certificate)
{
    ds_buf_text(&certificate->out,
                "<h2>Evidence</h2>\n<p>Each verdict was read from a capture of every packet, and "
                "can be read again: <code>directsip check CAPTURE --topology TOPOLOGY</code>. "
                "<code>sha256sum</code> says whether a file is the one named here.</p>\n");
    print_captures(certificate);
    print_scenarios(certificate);
}
