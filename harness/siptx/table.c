#include "siptx_internal.h"

#include <stdlib.h>

#define FIRST_CAP 64

void ds_table_init(struct ds_table *table)
{
    *table = (struct ds_table){0};
    ds_list_init(&table->all);
}

void ds_table_clean_up(struct ds_table *table)
{
    ds_assert(table->count == 0);
    free(table->bucket);
    table->bucket = NULL;
    table->cap = 0;
}

static uint64_t hash_of(const struct ds_key *key)
{
    uint64_t hash = key->number;
    for (size_t i = 0; i < DS_COUNT(key->part); i++)
        hash = hash * 0x9e3779b97f4a7c15u + ds_hash(key->part[i]);
    return hash ^ hash >> 32;
}

static bool same(const struct ds_key *a, const struct ds_key *b)
{
    for (size_t i = 0; i < DS_COUNT(a->part); i++)
        if (!ds_slice_equal(a->part[i], b->part[i]))
            return false;
    return a->number == b->number;
}

static struct ds_entry **bucket_of(const struct ds_table *table, uint64_t hash)
{
    return &table->bucket[hash & (table->cap - 1)];
}

static void chain(struct ds_table *table, struct ds_entry *entry)
{
    struct ds_entry **bucket = bucket_of(table, entry->hash);
    entry->next = *bucket;
    *bucket = entry;
}

/* A table that cannot grow goes on with longer chains; only the first buckets are a must. */
static ds_rc make_room(struct ds_table *table)
{
    if (table->count < table->cap)
        return DS_OK;
    size_t cap = table->cap == 0 ? FIRST_CAP : table->cap * 2;
    struct ds_entry **bucket = calloc(cap, sizeof(struct ds_entry *));
    if (bucket == NULL)
        return table->cap == 0 ? DS_NOMEM : DS_OK;
    free(table->bucket);
    table->bucket = bucket;
    table->cap = cap;
    for (struct ds_list *at = table->all.next; at != &table->all; at = at->next)
        chain(table, DS_OWNER(at, struct ds_entry, all));
    return DS_OK;
}

ds_rc ds_table_put(struct ds_table *table, struct ds_entry *entry, struct ds_key key)
{
    ds_rc rc = make_room(table);
    if (rc != DS_OK)
        return rc;
    entry->key = key;
    entry->hash = hash_of(&key);
    chain(table, entry);
    ds_list_append(&table->all, &entry->all);
    table->count++;
    return DS_OK;
}

void ds_table_drop(struct ds_table *table, struct ds_entry *entry)
{
    struct ds_entry **at = bucket_of(table, entry->hash);
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    ds_list_remove(&entry->all);
    table->count--;
}

struct ds_entry *ds_table_find(const struct ds_table *table, const struct ds_key *key)
{
    if (table->count == 0)
        return NULL;
    uint64_t hash = hash_of(key);
    for (struct ds_entry *entry = *bucket_of(table, hash); entry != NULL; entry = entry->next)
        if (entry->hash == hash && same(&entry->key, key))
            return entry;
    return NULL;
}

struct ds_entry *ds_table_first(const struct ds_table *table)
{
    return table->count == 0 ? NULL : DS_OWNER(table->all.next, struct ds_entry, all);
}
