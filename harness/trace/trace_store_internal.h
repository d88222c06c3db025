#ifndef DS_TRACE_STORE_INTERNAL_H
#define DS_TRACE_STORE_INTERNAL_H

/* Arrays that grow, and maps that point into what lives elsewhere. */

#include "base.h"

struct ds_trace_array {
    void *at; /* owned */
    size_t count, cap;
};

/* A zeroed item at the end; NULL when out of memory. All items of one array have one size. */
void *ds_trace_array_add(struct ds_trace_array *array, size_t item_size);
/* Copies into the arena, in order of frames: each item begins with the number of its frame. False
 * when out of memory. */
bool ds_trace_array_publish(const struct ds_trace_array *array,
                            size_t item_size,
                            struct ds_arena *arena,
                            void **out);
void ds_trace_array_clean_up(struct ds_trace_array *array);
void ds_trace_array_free_all(struct ds_trace_array *array); /* of what malloc() gave, and it */

struct ds_trace_map {
    struct ds_trace_slot *slots; /* owned; keys and values are borrowed: they outlive the map */
    size_t cap, count;
};

void *ds_trace_map_get(const struct ds_trace_map *map, struct ds_slice key);
/* Room for so many, which need not grow on their way there. False when out of memory. */
bool ds_trace_map_reserve(struct ds_trace_map *map, size_t count);
/* Replaces the value of a known key. False when out of memory. */
bool ds_trace_map_put(struct ds_trace_map *map, struct ds_slice key, void *value);
void ds_trace_map_clean_up(struct ds_trace_map *map);

#define DS_KEY(object) ((struct ds_slice){(const char *)&(object), sizeof(object)})

#endif
