#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing, at most half full. */

#define LEAST_SLOTS 64u

struct ds_trace_slot {
    uint64_t hash;
    struct ds_slice key; /* .at NULL: free */
    void *value;
};

static struct ds_trace_slot *
probe(const struct ds_trace_map *map, uint64_t hash, struct ds_slice key)
{
    size_t at = hash & (map->cap - 1);
    for (;;) {
        struct ds_trace_slot *slot = &map->slots[at];
        if (slot->key.at == NULL || (slot->hash == hash && ds_slice_equal(slot->key, key)))
            return slot;
        at = (at + 1) & (map->cap - 1);
    }
}

static bool grow(struct ds_trace_map *map, size_t cap)
{
    struct ds_trace_map bigger = {.cap = cap, .count = map->count};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return false;
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i].key.at != NULL)
            *probe(&bigger, map->slots[i].hash, map->slots[i].key) = map->slots[i];
    free(map->slots);
    *map = bigger;
    return true;
}

bool ds_trace_map_reserve(struct ds_trace_map *map, size_t count)
{
    size_t cap = map->cap == 0 ? LEAST_SLOTS : map->cap;
    while (cap / 2 <= count)
        cap *= 2;
    return cap == map->cap || grow(map, cap);
}

void *ds_trace_map_get_marked(const struct ds_trace_map *map, uint64_t mark, struct ds_slice key)
{
    return map->cap == 0 ? NULL : probe(map, mark, key)->value;
}

void *ds_trace_map_get(const struct ds_trace_map *map, struct ds_slice key)
{
    return map->cap == 0 ? NULL : probe(map, ds_trace_mark(key), key)->value;
}

bool ds_trace_map_put_marked(struct ds_trace_map *map,
                             uint64_t mark,
                             struct ds_slice key,
                             void *value)
{
    ds_assert(key.at != NULL);
    if (!ds_trace_map_reserve(map, map->count))
        return false;
    struct ds_trace_slot *slot = probe(map, mark, key);
    if (slot->key.at == NULL)
        map->count++;
    *slot = (struct ds_trace_slot){mark, key, value};
    return true;
}

bool ds_trace_map_put(struct ds_trace_map *map, struct ds_slice key, void *value)
{
    return ds_trace_map_put_marked(map, ds_trace_mark(key), key, value);
}

void ds_trace_map_empty(struct ds_trace_map *map)
{
    const size_t roomy = 16;
    if (map->cap > roomy * (map->count + 64))
        ds_trace_map_clean_up(map);
    else if (map->count > 0)
        memset(map->slots, 0, map->cap * sizeof *map->slots);
    map->count = 0;
}

void ds_trace_map_clean_up(struct ds_trace_map *map)
{
    free(map->slots);
    *map = (struct ds_trace_map){0};
}
