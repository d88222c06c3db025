#include "trace_internal.h"

#include <stdlib.h>

/*
 * What is sent again over UDP. The same message of the same transaction on the same hop has the
 * same mark; marks are kept with the time that they were first seen at, for as long as a message
 * may be sent again. Open addressing, at most half full: what is older goes when room is made.
 */

#define RESEND_WINDOW_US (32 * (int64_t)1000000) /* Timers B, F, H: RFC 3261 17 */
#define LEAST_SLOTS      1024u

/* Small, because there is one for each message of half a minute. */
struct ds_trace_repeat {
    uint64_t mark; /* 0: free */
    int64_t at;
};

/* What tells a message besides its words. */
struct hop_key {
    struct ds_trace_way way;
    uint32_t status, cseq;
};

_Static_assert(sizeof(struct hop_key) == sizeof(struct ds_trace_way) + 2 * sizeof(uint32_t),
               "what is marked has no padding");

/* A forked response differs in its To tag, a reliable one in its RSeq. Without a branch, the bytes
 * decide. */
static uint64_t mark_text(const struct ds_msg *msg)
{
    struct ds_slice branch = ds_msg_branch(msg), reliable = {NULL, 0};
    uint64_t mark = 0;
    if (branch.len == 0)
        return ds_trace_mark(ds_msg_bytes(msg));
    (void)ds_msg_header(msg, "RSeq", 0, &reliable);
    const struct ds_slice parts[] = {branch, ds_msg_method(msg), ds_msg_to_tag(msg), reliable,
                                     ds_msg_call_id(msg)};
    for (size_t i = 0; i < DS_COUNT(parts); i++)
        mark = ds_trace_mark_on(mark, parts[i]);
    return mark;
}

static uint64_t mark_of(const struct ds_event *event)
{
    const struct hop_key key = {.way = {event->from, event->to},
                                .status = (uint32_t)ds_msg_status(event->msg),
                                .cseq = ds_msg_cseq(event->msg)};
    return ds_trace_mark_on(mark_text(event->msg), DS_KEY(key)) | 1;
}

static struct ds_trace_repeat *probe(const struct ds_trace_repeats *repeats, uint64_t mark)
{
    size_t at = mark >> 1 & (repeats->cap - 1);
    while (repeats->slots[at].mark != 0 && repeats->slots[at].mark != mark)
        at = (at + 1) & (repeats->cap - 1);
    return &repeats->slots[at];
}

static bool is_live(const struct ds_trace_repeat *repeat, int64_t now)
{
    return repeat->mark != 0 && now - repeat->at <= RESEND_WINDOW_US;
}

/* False when out of memory. */
static bool make_room(struct ds_trace_repeats *repeats, int64_t now)
{
    struct ds_trace_repeats fresh = {.cap = LEAST_SLOTS};
    for (size_t i = 0; i < repeats->cap; i++)
        fresh.count += is_live(&repeats->slots[i], now);
    while (fresh.cap / 8 * 3 < fresh.count)
        fresh.cap *= 2;
    fresh.slots = calloc(fresh.cap, sizeof *fresh.slots);
    if (fresh.slots == NULL)
        return false;
    for (size_t i = 0; i < repeats->cap; i++)
        if (is_live(&repeats->slots[i], now))
            *probe(&fresh, repeats->slots[i].mark) = repeats->slots[i];
    free(repeats->slots);
    *repeats = fresh;
    return true;
}

DS_EXPANDED bool ds_trace_is_repeat(struct ds_reading *reading, const struct ds_event *event)
{
    struct ds_trace_repeats *repeats = &reading->repeats;
    if (event->transport != DS_UDP)
        return false;
    if (repeats->count >= repeats->cap / 2 && !make_room(repeats, event->at)) {
        reading->out_of_memory = true;
        return false;
    }
    uint64_t mark = mark_of(event);
    struct ds_trace_repeat *repeat = probe(repeats, mark);
    if (is_live(repeat, event->at))
        return true;
    repeats->count += repeat->mark == 0;
    *repeat = (struct ds_trace_repeat){mark, event->at};
    return false;
}

void ds_trace_repeats_clean_up(struct ds_trace_repeats *repeats)
{
    free(repeats->slots);
    *repeats = (struct ds_trace_repeats){0};
}
