#ifndef DS_SOUND_H
#define DS_SOUND_H

/*
 * What a stream of a capture sounded like. A trace keeps no payload: it is read again from the
 * trace's file, which must still be there. G.711 and G.722 can be heard, and nothing encrypted.
 */

#include "trace.h"

/* One of trace->flows, its first two hours, as a WAV file: what was lost is as silent and as long
 * as it was. DS_BAD: it has no sound that can be heard, and why. */
DS_MUST_USE ds_rc ds_sound_write(const struct ds_trace *trace,
                                 size_t stream,
                                 const char *path,
                                 struct ds_why *why);

#endif
