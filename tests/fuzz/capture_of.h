#ifndef DS_FUZZ_CAPTURE_OF_H
#define DS_FUZZ_CAPTURE_OF_H

/* A capture in memory, put together from what a fuzzer gives, and what must hold of any trace. */

#include "trace.h"

struct capture_of {
    int fd;
    char path[64];
    uint32_t at_us; /* of the next frame: each comes a millisecond after the one before */
};

void capture_begin(struct capture_of *capture, int link);
void capture_add(struct capture_of *capture, struct ds_slice head, struct ds_slice rest);
/* Reads it up to calls and streams, with a key log or NULL, and takes it away. */
void capture_judge(struct capture_of *capture, const char *keylog_path);
/* Aborts where a trace does not hang together. */
void capture_look_at(const struct ds_trace *trace);

#endif
