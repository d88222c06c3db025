#ifndef DS_CALLS_H
#define DS_CALLS_H

/* The calls of a capture, a line each, as a long one tells them: part by part. */

#include "report.h"

#define DS_CALLS_COLUMNS 8

/* A table that goes on from part to part; columns grow with what stands in them. All zero at first.
 */
struct ds_calls_table {
    size_t widths[DS_CALLS_COLUMNS];
};

/* `numbers` and `media` of the style do not matter. */
void ds_calls_print(struct ds_calls_table *table,
                    const struct ds_trace *trace,
                    const struct ds_ladder_style *style,
                    struct ds_buf *out);

/* For programs: one document (docs/schema/calls.schema.json), which is there when it is closed; or
   an object a line for each call, written as soon as it is told, where `as_lines`. */
struct ds_calls_file;
DS_MUST_USE ds_rc ds_calls_file_open(const char *path,
                                     const char *version,
                                     bool as_lines,
                                     struct ds_calls_file **out,
                                     struct ds_why *why);
DS_MUST_USE ds_rc ds_calls_file_add(struct ds_calls_file *file,
                                    const struct ds_trace *trace,
                                    struct ds_why *why);
DS_MUST_USE ds_rc ds_calls_file_close(struct ds_calls_file **file, struct ds_why *why);
void ds_calls_file_drop(struct ds_calls_file **file); /* closes it, and leaves nothing */

#endif
