#include "base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DS_ARENA_MAGIC 0xa2e4a001u
#define BLOCK_BYTES    ((size_t)16 * 1024)
#define ALIGNMENT      _Alignof(max_align_t)

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
};

struct ending {
    void (*end)(void *owner);
    void *owner;
    struct ending *next;
};

struct ds_arena {
    uint32_t magic;
    struct block *blocks;   /* owned; the newest first */
    struct ending *endings; /* in the arena itself, the newest first */
};

ds_rc ds_arena_new(struct ds_arena **out)
{
    struct ds_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        return DS_NOMEM;
    arena->magic = DS_ARENA_MAGIC;
    *out = arena;
    return DS_OK;
}

void ds_arena_free(struct ds_arena **arena)
{
    if (*arena == NULL)
        return;
    DS_CHECK(*arena, DS_ARENA_MAGIC);
    for (const struct ending *ending = (*arena)->endings; ending != NULL; ending = ending->next)
        ending->end(ending->owner);
    struct block *block = (*arena)->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    (*arena)->magic = 0;
    free(*arena);
    *arena = NULL;
}

/* calloc, because what an arena hands out is zeroed. */
static struct block *new_block(struct ds_arena *arena, size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *ds_arena_alloc(struct ds_arena *arena, size_t size)
{
    DS_CHECK(arena, DS_ARENA_MAGIC);
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size)
        block = new_block(arena, size > BLOCK_BYTES ? size : BLOCK_BYTES);
    if (block == NULL)
        return NULL;
    void *at = block->bytes + block->used;
    block->used += size;
    return at;
}

bool ds_arena_at_end(struct ds_arena *arena, void (*end)(void *owner), void *owner)
{
    struct ending *ending = ds_arena_alloc(arena, sizeof *ending);
    if (ending == NULL)
        return false;
    *ending = (struct ending){end, owner, arena->endings};
    arena->endings = ending;
    return true;
}

char *ds_arena_copy(struct ds_arena *arena, struct ds_slice text)
{
    char *copy = ds_arena_alloc(arena, text.len + 1);
    if (copy != NULL && text.len > 0)
        memcpy(copy, text.at, text.len);
    return copy;
}

char *ds_arena_print(struct ds_arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = len < 0 ? NULL : ds_arena_alloc(arena, (size_t)len + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}
