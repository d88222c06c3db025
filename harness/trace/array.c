#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

bool ds_trace_array_reserve(struct ds_trace_array *array, size_t item_size, size_t count)
{
    if (count <= array->cap)
        return true;
    if (count > SIZE_MAX / 2 / item_size)
        return false;
    void *at = realloc(array->at, count * item_size);
    if (at == NULL)
        return false;
    array->at = at;
    array->cap = count;
    return true;
}

void *ds_trace_array_add(struct ds_trace_array *array, size_t item_size)
{
    size_t cap = array->cap == 0 ? 16 : array->cap * 2;
    if (array->count == array->cap && !ds_trace_array_reserve(array, item_size, cap))
        return NULL;
    void *item = (char *)array->at + array->count * item_size;
    memset(item, 0, item_size);
    array->count++;
    return item;
}

static uint32_t frame_of(const void *item)
{
    uint32_t frame;
    memcpy(&frame, item, sizeof frame);
    return frame;
}

/* Items of one frame stay as they came: their addresses rise. */
static int by_frame(const void *a, const void *b)
{
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    uint32_t left_frame = frame_of(left), right_frame = frame_of(right);
    if (left_frame != right_frame)
        return left_frame < right_frame ? -1 : 1;
    return left < right ? -1 : left > right;
}

static bool is_in_order(const struct ds_trace_array *array, size_t item_size)
{
    const char *at = array->at;
    for (size_t i = 1; i < array->count; i++, at += item_size)
        if (frame_of(at) > frame_of(at + item_size))
            return false;
    return true;
}

static bool put_in_order(struct ds_trace_array *array, size_t item_size)
{
    struct ds_trace_array sorted = {0};
    const char **order = malloc(array->count * sizeof(const char *));
    bool good = order != NULL && ds_trace_array_reserve(&sorted, item_size, array->count);
    for (size_t i = 0; good && i < array->count; i++)
        order[i] = (const char *)array->at + i * item_size;
    if (good)
        qsort(order, array->count, sizeof(const char *), by_frame);
    for (; good && sorted.count < array->count; sorted.count++)
        memcpy((char *)sorted.at + sorted.count * item_size, order[sorted.count], item_size);
    free(order);
    if (!good)
        return false;
    free(array->at);
    *array = sorted;
    return true;
}

bool ds_trace_array_hand_over(struct ds_trace_array *array, struct ds_arena *arena)
{
    if (array->at != NULL && !ds_arena_at_end(arena, free, array->at))
        return false;
    *array = (struct ds_trace_array){0};
    return true;
}

bool ds_trace_array_publish(struct ds_trace_array *array,
                            size_t item_size,
                            struct ds_arena *arena,
                            void **out,
                            size_t *count)
{
    if (!is_in_order(array, item_size) && !put_in_order(array, item_size))
        return false;
    void *at = array->at;
    size_t published = array->count;
    if (!ds_trace_array_hand_over(array, arena))
        return false;
    *out = at;
    *count = published;
    return true;
}

void ds_trace_array_clean_up(struct ds_trace_array *array)
{
    free(array->at);
    *array = (struct ds_trace_array){0};
}
