#include "pcap_internal.h"

#include <stdlib.h>
#include <string.h>

/* A binary heap: two senders on one interface are stamped a little out of order, and a flood holds
 * thousands of frames. */

static bool before(const struct ds_pcap_held *a, const struct ds_pcap_held *b)
{
    return a->unix_us != b->unix_us ? a->unix_us < b->unix_us : a->order < b->order;
}

static bool make_room(struct ds_pcap_hold *hold)
{
    if (hold->count < hold->cap)
        return true;
    size_t cap = hold->cap == 0 ? 64 : hold->cap * 2;
    struct ds_pcap_held *heap = realloc(hold->heap, cap * sizeof *heap);
    if (heap == NULL)
        return false;
    hold->heap = heap;
    hold->cap = cap;
    return true;
}

static void move_up(struct ds_pcap_hold *hold, size_t slot, struct ds_pcap_held frame)
{
    while (slot > 0 && before(&frame, &hold->heap[(slot - 1) / 2])) {
        hold->heap[slot] = hold->heap[(slot - 1) / 2];
        slot = (slot - 1) / 2;
    }
    hold->heap[slot] = frame;
}

static void move_down(struct ds_pcap_hold *hold, struct ds_pcap_held frame)
{
    size_t slot = 0;
    for (size_t child = 1; child < hold->count; child = 2 * slot + 1) {
        if (child + 1 < hold->count && before(&hold->heap[child + 1], &hold->heap[child]))
            child++;
        if (!before(&hold->heap[child], &frame))
            break;
        hold->heap[slot] = hold->heap[child];
        slot = child;
    }
    hold->heap[slot] = frame;
}

bool ds_pcap_hold_put(struct ds_pcap_hold *hold,
                      int64_t unix_us,
                      struct ds_slice frame,
                      struct ds_slice comment)
{
    size_t len = frame.len < DS_PCAP_SNAPLEN ? frame.len : DS_PCAP_SNAPLEN;
    uint8_t *bytes = make_room(hold) ? malloc(len + comment.len + 1) : NULL;
    if (bytes == NULL)
        return false;
    if (len > 0)
        memcpy(bytes, frame.at, len);
    if (comment.len > 0)
        memcpy(bytes + len, comment.at, comment.len);
    move_up(hold, hold->count++,
            (struct ds_pcap_held){.unix_us = unix_us,
                                  .order = hold->arrived++,
                                  .bytes = bytes,
                                  .len = (uint32_t)len,
                                  .original_len = (uint32_t)frame.len,
                                  .comment_len = (uint32_t)comment.len});
    return true;
}

bool ds_pcap_hold_take(struct ds_pcap_hold *hold, int64_t until_us, struct ds_pcap_held *out)
{
    if (hold->count == 0 || hold->heap[0].unix_us > until_us)
        return false;
    *out = hold->heap[0];
    hold->count--;
    if (hold->count > 0)
        move_down(hold, hold->heap[hold->count]);
    return true;
}

void ds_pcap_hold_clean_up(struct ds_pcap_hold *hold)
{
    for (size_t i = 0; i < hold->count; i++)
        free(hold->heap[i].bytes);
    free(hold->heap);
    *hold = (struct ds_pcap_hold){0};
}
