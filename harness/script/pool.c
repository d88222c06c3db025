#include "script_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * The memory of one Lua state, in one piece for as long as that is enough: so a state can be
 * remembered as bytes and be had again, at the same addresses, without being made anew. Small
 * blocks come from chunks and go to lists of their size; large ones are the C library's.
 */

#define DS_POOL_MAGIC 0x5c001001u
#define FIRST_BYTES   ((size_t)4 * 1024 * 1024) /* of which little is ever touched */
#define CHUNK_BYTES   ((size_t)256 * 1024)
#define STEP          ((size_t)16) /* of the sizes up to FINE; above, each is twice the one before */
#define FINE          ((size_t)1024)
#define MOST_BYTES    ((size_t)32 * 1024)
#define SIZES         (FINE / STEP + 5)

/* Before a chunk's bytes, and before those of a large block. */
struct header {
    _Alignas(max_align_t) struct ds_list node;
};

struct free_block {
    struct free_block *next;
};

/* What is where; all that has to be remembered beside the bytes. */
struct room {
    char *at, *end; /* not given out yet */
    struct free_block *free[SIZES];
};

struct ds_pool {
    uint32_t magic;
    char *first;           /* owned */
    struct ds_list chunks; /* owned; those that came when the first was full */
    struct ds_list large;  /* owned */
    struct room now, then;
    char *remembered; /* owned: the first chunk up to then.at; NULL: nothing is */
};

ds_rc ds_pool_new(struct ds_pool **out)
{
    struct ds_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return DS_NOMEM;
    pool->magic = DS_POOL_MAGIC;
    ds_list_init(&pool->chunks);
    ds_list_init(&pool->large);
    pool->first = malloc(FIRST_BYTES);
    if (pool->first == NULL) {
        free(pool);
        return DS_NOMEM;
    }
    pool->now.at = pool->first;
    pool->now.end = pool->first + FIRST_BYTES;
    *out = pool;
    return DS_OK;
}

static void free_all(struct ds_list *headers)
{
    for (struct ds_list *at = headers->next, *next; at != headers; at = next) {
        next = at->next;
        free(DS_OWNER(at, struct header, node));
    }
    ds_list_init(headers);
}

void ds_pool_free(struct ds_pool **pool)
{
    if (*pool == NULL)
        return;
    DS_CHECK(*pool, DS_POOL_MAGIC);
    free_all(&(*pool)->chunks);
    free_all(&(*pool)->large);
    free((*pool)->first);
    free((*pool)->remembered);
    free(*pool);
    *pool = NULL;
}

bool ds_pool_remember(struct ds_pool *pool)
{
    DS_CHECK(pool, DS_POOL_MAGIC);
    if (pool->chunks.next != &pool->chunks || pool->large.next != &pool->large)
        return false;
    size_t len = (size_t)(pool->now.at - pool->first);
    pool->remembered = malloc(len + 1);
    if (pool->remembered == NULL)
        return false;
    memcpy(pool->remembered, pool->first, len);
    pool->then = pool->now;
    return true;
}

void ds_pool_restore(struct ds_pool *pool)
{
    DS_CHECK(pool, DS_POOL_MAGIC);
    ds_assert(pool->remembered != NULL);
    free_all(&pool->chunks);
    free_all(&pool->large);
    pool->now = pool->then;
    memcpy(pool->first, pool->remembered, (size_t)(pool->now.at - pool->first));
}

/* The size that a block of `size` bytes is given, and its place among the sizes. */
static size_t fitting(size_t size, size_t *which)
{
    if (size <= FINE) {
        *which = (size - 1) / STEP;
        return (*which + 1) * STEP;
    }
    size_t given = FINE * 2;
    for (*which = FINE / STEP; given < size; given *= 2)
        ++*which;
    return given;
}

static bool add_chunk(struct ds_pool *pool)
{
    struct header *header = malloc(sizeof *header + CHUNK_BYTES);
    if (header == NULL)
        return false;
    ds_list_append(&pool->chunks, &header->node);
    pool->now.at = (char *)(header + 1);
    pool->now.end = pool->now.at + CHUNK_BYTES;
    return true;
}

static void *take_large(struct ds_pool *pool, size_t size)
{
    struct header *header = malloc(sizeof *header + size);
    if (header == NULL)
        return NULL;
    ds_list_append(&pool->large, &header->node);
    return header + 1;
}

static void *take(struct ds_pool *pool, size_t size)
{
    size_t which;
    if (size > MOST_BYTES)
        return take_large(pool, size);
    size_t given = fitting(size, &which);
    struct free_block *block = pool->now.free[which];
    if (block != NULL) {
        pool->now.free[which] = block->next;
        return block;
    }
    if ((size_t)(pool->now.end - pool->now.at) < given && !add_chunk(pool))
        return NULL;
    void *at = pool->now.at;
    pool->now.at += given;
    return at;
}

static void give(struct ds_pool *pool, void *at, size_t size)
{
    if (size > MOST_BYTES) {
        struct header *header = (struct header *)at - 1;
        ds_list_remove(&header->node);
        free(header);
        return;
    }
    size_t which;
    struct free_block *block = at;
    fitting(size, &which);
    block->next = pool->now.free[which];
    pool->now.free[which] = block;
}

static bool is_same_block(size_t old_size, size_t new_size)
{
    size_t which;
    return old_size <= MOST_BYTES && new_size <= MOST_BYTES &&
           fitting(old_size, &which) == fitting(new_size, &which);
}

void *ds_pool_resize(struct ds_pool *pool, void *at, size_t old_size, size_t new_size)
{
    if (new_size == 0) {
        if (at != NULL)
            give(pool, at, old_size);
        return NULL;
    }
    if (at != NULL && is_same_block(old_size, new_size))
        return at;
    void *moved = take(pool, new_size);
    if (moved != NULL && at != NULL) {
        memcpy(moved, at, old_size < new_size ? old_size : new_size);
        give(pool, at, old_size);
    }
    return moved;
}
