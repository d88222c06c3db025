#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * SRTP that comes before the key of its sender: who answers may talk as soon as it has answered,
 * and its answer has a longer way. What is sealed, and comes from where no description is to where
 * SRTP is expected, waits for one.
 */

#define MOST_WAYS    1024
#define MOST_PACKETS 64 /* of one way: more than a second */
#define MOST_BYTES   ((size_t)4 << 20)

struct early_packet {
    struct early_packet *next;
    struct ds_trace_moment moment;
    size_t len;
    char bytes[];
};

struct ds_trace_early {
    struct ds_trace_way way;
    struct early_packet *first, *last; /* owned */
    size_t count;
    bool given_up; /* it comes from nowhere: behind a NAT, for one */
};

static struct ds_trace_early *early_of(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_early *known = ds_trace_store_get(&reading->earlies, DS_KEY(*way));
    if (known != NULL || reading->earlies.items.count >= MOST_WAYS)
        return known;
    return ds_trace_store_add(reading, &reading->earlies, DS_KEY(*way), sizeof *known);
}

static struct early_packet *take_first(struct ds_reading *reading, struct ds_trace_early *early)
{
    struct early_packet *packet = early->first;
    if (packet == NULL)
        return NULL;
    early->first = packet->next;
    early->count--;
    reading->early_bytes -= packet->len;
    return packet;
}

/* They are heard as of when they came. */
static void release(struct ds_reading *reading, struct ds_trace_early *early)
{
    const struct ds_trace_moment now = reading->now;
    struct ds_trace_recent *recent = ds_trace_recent(reading, &early->way);
    for (struct early_packet *packet; (packet = take_first(reading, early)) != NULL;) {
        reading->now = packet->moment;
        if (recent != NULL)
            ds_trace_hear(reading, recent, (struct ds_slice){packet->bytes, packet->len});
        free(packet);
    }
    early->last = NULL;
    reading->now = now;
}

static bool keep(struct ds_reading *reading, struct ds_trace_early *early, struct ds_slice bytes)
{
    struct early_packet *packet = malloc(sizeof *packet + bytes.len);
    if (packet == NULL) {
        reading->out_of_memory = true;
        return false;
    }
    *packet = (struct early_packet){NULL, reading->now, bytes.len};
    memcpy(packet->bytes, bytes.at, bytes.len);
    if (early->last == NULL)
        early->first = packet;
    else
        early->last->next = packet;
    early->last = packet;
    early->count++;
    reading->early_bytes += bytes.len;
    return true;
}

bool ds_trace_early_hold(struct ds_reading *reading,
                         const struct ds_trace_way *way,
                         struct ds_slice bytes)
{
    if (!ds_trace_srtp_awaits(reading, way))
        return false;
    struct ds_trace_early *early = early_of(reading, way);
    if (early == NULL || early->given_up)
        return false;
    if (early->count < MOST_PACKETS && reading->early_bytes + bytes.len <= MOST_BYTES)
        return keep(reading, early, bytes);
    release(reading, early);
    early->given_up = true;
    return false;
}

void ds_trace_early_release(struct ds_reading *reading, struct ds_addr from)
{
    struct ds_trace_early *const *list = reading->earlies.items.at;
    for (size_t i = 0; i < reading->earlies.items.count && reading->early_bytes > 0; i++)
        if (ds_addr_equal(list[i]->way.from, from))
            release(reading, list[i]);
}

static bool end(struct ds_reading *reading, void *item)
{
    struct ds_trace_early *early = item;
    if (!reading->out_of_memory)
        release(reading, early);
    for (struct early_packet *packet; (packet = take_first(reading, early)) != NULL;)
        free(packet);
    return false;
}

void ds_trace_early_end(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->earlies, end);
}
