#ifndef DS_TRACE_STORE_INTERNAL_H
#define DS_TRACE_STORE_INTERNAL_H

/* Arrays that grow, maps that point into what lives elsewhere, and stores of what outlives a part.
 */

#include "base.h"

struct ds_trace_array {
    void *at; /* owned */
    size_t count, cap;
};

/* A zeroed item at the end; NULL when out of memory. All items of one array have one size. */
void *ds_trace_array_add(struct ds_trace_array *array, size_t item_size);
/* Room for so many, which none of them moves on its way there. False when out of memory. */
bool ds_trace_array_reserve(struct ds_trace_array *array, size_t item_size, size_t count);
/* The items stay where they are as long as the arena; the array is empty then. False when out of
 * memory. */
bool ds_trace_array_hand_over(struct ds_trace_array *array, struct ds_arena *arena);
/* The same in order of frames: each item begins with the number of its frame. */
bool ds_trace_array_publish(struct ds_trace_array *array,
                            size_t item_size,
                            struct ds_arena *arena,
                            void **out,
                            size_t *count);
void ds_trace_array_clean_up(struct ds_trace_array *array);

struct ds_trace_map {
    struct ds_trace_slot *slots; /* owned; keys and values are borrowed: they outlive the map */
    size_t cap, count;
};

void *ds_trace_map_get(const struct ds_trace_map *map, struct ds_slice key);
/* Room for so many, which need not grow on their way there. False when out of memory. */
bool ds_trace_map_reserve(struct ds_trace_map *map, size_t count);
/* Replaces the value of a known key. False when out of memory. */
bool ds_trace_map_put(struct ds_trace_map *map, struct ds_slice key, void *value);
/* The same where a long key's ds_trace_mark() is known. */
void *ds_trace_map_get_marked(const struct ds_trace_map *map, uint64_t mark, struct ds_slice key);
bool ds_trace_map_put_marked(struct ds_trace_map *map,
                             uint64_t mark,
                             struct ds_slice key,
                             void *value);
/* For as many keys again, or nearly so. */
void ds_trace_map_empty(struct ds_trace_map *map);
void ds_trace_map_clean_up(struct ds_trace_map *map);

/* What a reading keeps from part to part: each item begins with the key that it is found by. */
struct ds_trace_store {
    struct ds_trace_array items; /* of pointers, owned */
    struct ds_trace_map by_key;
    size_t key_len;
};

struct ds_reading;

void *ds_trace_store_get(const struct ds_trace_store *store, struct ds_slice key);
/* A zeroed one but for its key, which is not in the store yet; NULL, and noted, when out of
 * memory. */
void *ds_trace_store_add(struct ds_reading *reading,
                         struct ds_trace_store *store,
                         struct ds_slice key,
                         size_t size);
/* False: it is over, and all that it owns was let go of. */
typedef bool ds_trace_goes_on_fn(struct ds_reading *reading, void *item);
/* Frees what is over. */
void ds_trace_store_sweep(struct ds_reading *reading,
                          struct ds_trace_store *store,
                          ds_trace_goes_on_fn *goes_on);
/* Frees the items as they are: what owns more is swept before. */
void ds_trace_store_clean_up(struct ds_trace_store *store);

#define DS_KEY(object) ((struct ds_slice){(const char *)&(object), sizeof(object)})

#endif
