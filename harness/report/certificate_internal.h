#ifndef DS_CERTIFICATE_INTERNAL_H
#define DS_CERTIFICATE_INTERNAL_H

/*
 * The certificate: what a laboratory hands over when the tests are done, on paper. One HTML file
 * without a script: the words of a suite (certificate.c), its deployments drawn
 * (certificate_drawing.c), who the elements say they are (certificate_elements.c), and what proves
 * that the evidence is the one that was judged (certificate_evidence.c).
 */

#include "report_internal.h"

struct ds_certificate {
    const struct ds_suite_result *suite;
    struct ds_buf out;           /* owned */
    struct ds_texts deployments; /* owned; JSON, each once */
    bool worlds;                 /* runs of several */
};

/* As text between tags or quotes: nothing in it is markup, and what a reader would not see, or see
 * where it is not, is told by its number. */
void ds_html_text(struct ds_buf *out, const char *text);
/* "<td>", the text, "</td>"; `tag` may bring attributes: "td class=number". */
void ds_html_element(struct ds_buf *out, const char *tag, const char *text);

void ds_certificate_draw(struct ds_buf *out, struct ds_slice deployment);
/* Who said what of itself, in the messages of all runs. */
void ds_certificate_elements(struct ds_certificate *certificate);
/* The files of all runs with their SHA-256. */
void ds_certificate_evidence(struct ds_certificate *certificate);

#endif
