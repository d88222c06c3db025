#ifndef DS_PIDF_H
#define DS_PIDF_H

/*
 * Where somebody is: a presence document with a location in it (PIDF-LO, RFC 4119), as an
 * emergency call carries it. Civic addresses only, and of those what is told here. Values; nothing
 * is kept.
 */

#include "base.h"

#define DS_PIDF_TYPE      "application/pidf+xml"
#define DS_PIDF_MAX_BYTES 8192
#define DS_PIDF_MAX_DEPTH 16

/* Texts are "" where the document has none. */
struct ds_pidf {
    char entity[192]; /* whose it is: "sip:alice@contoso.example" */
    char contact[96]; /* where to call back: "tel:+14255550101" */
    char country[64], city[64], street[64];
    char name[64]; /* NAM; an enterprise with ELINs keeps that of the place there */
};

/* DS_BAD with a sentence: no XML, too long, too deep, or no presence document. What it says beyond
 * the fields above is passed over; what has no room is refused. */
DS_MUST_USE ds_rc ds_pidf_read(struct ds_slice body, struct ds_pidf *out, struct ds_why *why);
void ds_pidf_write(const struct ds_pidf *pidf, struct ds_buf *out);

#endif
