#ifndef DS_CSTA_INTERNAL_H
#define DS_CSTA_INTERNAL_H

/* What each message looks like, for reading and for writing. */

#include "csta.h"

#define DS_CSTA_MOST_PARTS 6

/* An element below the root, in the order that ECMA-323 lays down: with what is always said there,
 * or a field. */
struct ds_csta_part {
    const char *path; /* "callingDevice/deviceID" */
    const char *constant;
    size_t at, size; /* of the field in a struct ds_csta */
};

struct ds_csta_shape {
    const char *root;
    struct ds_csta_part parts[DS_CSTA_MOST_PARTS];
};

const struct ds_csta_shape *ds_csta_shape(enum ds_csta_kind kind);

#endif
