#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

void *ds_trace_array_add(struct ds_trace_array *array, size_t item_size)
{
    if (array->count == array->cap) {
        size_t cap = array->cap == 0 ? 16 : array->cap * 2;
        if (cap > SIZE_MAX / 2 / item_size)
            return NULL;
        void *at = realloc(array->at, cap * item_size);
        if (at == NULL)
            return NULL;
        array->at = at;
        array->cap = cap;
    }
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

bool ds_trace_array_publish(const struct ds_trace_array *array,
                            size_t item_size,
                            struct ds_arena *arena,
                            void **out)
{
    char *copy = ds_arena_alloc(arena, array->count * item_size);
    if (copy != NULL && array->count > 0 && is_in_order(array, item_size)) {
        memcpy(copy, array->at, array->count * item_size);
        *out = copy;
        return true;
    }
    const char **order = malloc((array->count + 1) * sizeof(const char *));
    *out = copy;
    if (copy != NULL && order != NULL) {
        for (size_t i = 0; i < array->count; i++)
            order[i] = (const char *)array->at + i * item_size;
        qsort(order, array->count, sizeof(const char *), by_frame);
        for (size_t i = 0; i < array->count; i++)
            memcpy(copy + i * item_size, order[i], item_size);
    }
    bool good = copy != NULL && order != NULL;
    free(order);
    return good;
}

void ds_trace_array_clean_up(struct ds_trace_array *array)
{
    free(array->at);
    *array = (struct ds_trace_array){0};
}
