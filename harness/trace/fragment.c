#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

#define UNIT_BYTES  8
#define MAX_BYTES   65536
#define PATIENCE_US (30 * (int64_t)1000000)

static void forget(struct ds_trace_puzzle *puzzle)
{
    free(puzzle->bytes);
    free(puzzle->present);
    *puzzle = (struct ds_trace_puzzle){0};
}

static void give_up(struct ds_reading *reading, struct ds_trace_puzzle *puzzle)
{
    ds_reading_gap(reading, puzzle->began.frame,
                   "an IP packet from %s to %s came in fragments, and some of them are missing",
                   ds_addr_ip_text(puzzle->way.from).text, ds_addr_ip_text(puzzle->way.to).text);
    forget(puzzle);
}

static bool is_of(const struct ds_trace_puzzle *puzzle,
                  const struct ds_trace_fragment *fragment,
                  const struct ds_trace_packet *packet)
{
    return puzzle->used && puzzle->id == fragment->id && puzzle->protocol == packet->protocol &&
           ds_addr_equal(puzzle->way.from, packet->way.from) &&
           ds_addr_equal(puzzle->way.to, packet->way.to);
}

/* A free place, or that of the puzzle that has waited longest. */
static struct ds_trace_puzzle *free_place(struct ds_reading *reading)
{
    struct ds_trace_puzzle *oldest = &reading->puzzles[0];
    for (size_t i = 0; i < DS_TRACE_MAX_PUZZLES; i++) {
        struct ds_trace_puzzle *puzzle = &reading->puzzles[i];
        if (!puzzle->used)
            return puzzle;
        if (puzzle->began.frame < oldest->began.frame)
            oldest = puzzle;
    }
    give_up(reading, oldest);
    return oldest;
}

static struct ds_trace_puzzle *find(struct ds_reading *reading,
                                    const struct ds_trace_fragment *fragment,
                                    const struct ds_trace_packet *packet)
{
    for (size_t i = 0; i < DS_TRACE_MAX_PUZZLES; i++) {
        struct ds_trace_puzzle *puzzle = &reading->puzzles[i];
        if (!is_of(puzzle, fragment, packet))
            continue;
        if (reading->now.at - puzzle->began.at <= PATIENCE_US)
            return puzzle;
        give_up(reading, puzzle);
    }
    return NULL;
}

static struct ds_trace_puzzle *begin(struct ds_reading *reading,
                                     const struct ds_trace_fragment *fragment,
                                     const struct ds_trace_packet *packet)
{
    struct ds_trace_puzzle *puzzle = free_place(reading);
    puzzle->used = true;
    puzzle->way = packet->way;
    puzzle->id = fragment->id;
    puzzle->protocol = packet->protocol;
    puzzle->began = reading->now;
    puzzle->bytes = malloc(MAX_BYTES);
    puzzle->present = calloc(1, MAX_BYTES / UNIT_BYTES);
    if (puzzle->bytes != NULL && puzzle->present != NULL)
        return puzzle;
    reading->out_of_memory = true;
    forget(puzzle);
    return NULL;
}

/* Whichever copy of a byte came first stays, as in most receivers. */
static void place(struct ds_trace_puzzle *puzzle, size_t offset, struct ds_slice bytes)
{
    for (size_t at = 0; at < bytes.len; at += UNIT_BYTES) {
        size_t unit = (offset + at) / UNIT_BYTES;
        size_t len = bytes.len - at < UNIT_BYTES ? bytes.len - at : UNIT_BYTES;
        if (puzzle->present[unit] != 0)
            continue;
        memcpy(puzzle->bytes + unit * UNIT_BYTES, bytes.at + at, len);
        puzzle->present[unit] = 1;
        puzzle->have_units++;
    }
}

bool ds_trace_fragment(struct ds_reading *reading,
                       const struct ds_trace_fragment *fragment,
                       struct ds_trace_packet *packet)
{
    struct ds_slice bytes = packet->payload;
    if (bytes.len == 0 || fragment->offset + bytes.len > MAX_BYTES ||
        (fragment->more && bytes.len % UNIT_BYTES != 0))
        return false;
    struct ds_trace_puzzle *puzzle = find(reading, fragment, packet);
    if (puzzle == NULL)
        puzzle = begin(reading, fragment, packet);
    if (puzzle == NULL)
        return false;
    place(puzzle, fragment->offset, bytes);
    if (!fragment->more && puzzle->total == 0)
        puzzle->total = fragment->offset + bytes.len;
    size_t units = (puzzle->total + UNIT_BYTES - 1) / UNIT_BYTES;
    if (puzzle->total == 0 || puzzle->have_units < units)
        return false;
    char *whole = ds_arena_copy(reading->arena,
                                (struct ds_slice){(const char *)puzzle->bytes, puzzle->total});
    packet->payload = (struct ds_slice){whole, puzzle->total};
    reading->out_of_memory = reading->out_of_memory || whole == NULL;
    forget(puzzle);
    return whole != NULL;
}

void ds_trace_fragments_end(struct ds_reading *reading)
{
    for (size_t i = 0; i < DS_TRACE_MAX_PUZZLES; i++)
        if (reading->puzzles[i].used)
            give_up(reading, &reading->puzzles[i]);
}
