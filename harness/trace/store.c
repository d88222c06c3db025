#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

void *ds_trace_store_get(const struct ds_trace_store *store, struct ds_slice key)
{
    return ds_trace_map_get(&store->by_key, key);
}

static void index_item(struct ds_reading *reading, struct ds_trace_store *store, void *item)
{
    ds_reading_put(reading, &store->by_key, (struct ds_slice){item, store->key_len}, item);
}

void *ds_trace_store_add(struct ds_reading *reading,
                         struct ds_trace_store *store,
                         struct ds_slice key,
                         size_t size)
{
    ds_assert(key.len <= size);
    void *item = calloc(1, size), **place = NULL;
    if (item != NULL)
        place = ds_trace_array_add(&store->items, sizeof *place);
    if (place == NULL) {
        reading->out_of_memory = true;
        free(item);
        return NULL;
    }
    *place = memcpy(item, key.at, key.len);
    store->key_len = key.len;
    index_item(reading, store, item);
    return item;
}

void ds_trace_store_sweep(struct ds_reading *reading,
                          struct ds_trace_store *store,
                          ds_trace_goes_on_fn *goes_on)
{
    void **items = store->items.at;
    size_t kept = 0;
    ds_trace_map_empty(&store->by_key);
    for (size_t i = 0; i < store->items.count; i++) {
        if (!goes_on(reading, items[i])) {
            free(items[i]);
            continue;
        }
        items[kept++] = items[i];
        index_item(reading, store, items[i]);
    }
    store->items.count = kept;
}

void ds_trace_store_clean_up(struct ds_trace_store *store)
{
    void **items = store->items.at;
    for (size_t i = 0; i < store->items.count; i++)
        free(items[i]);
    ds_trace_array_clean_up(&store->items);
    ds_trace_map_clean_up(&store->by_key);
}
