#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing, at most half full. */

/* Of eight bytes at a time, as nobody sees the order in the table. */
static uint64_t key_of(struct ds_slice text)
{
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t key = text.len, word = 0;
    size_t at = 0;
    for (; at + sizeof word <= text.len; at += sizeof word) {
        memcpy(&word, text.at + at, sizeof word);
        key = (key ^ word) * odd;
        key ^= key >> 29;
    }
    word = 0;
    if (at < text.len)
        memcpy(&word, text.at + at, text.len - at);
    key = (key ^ word) * odd;
    return key ^ (key >> 32);
}

static uint32_t *probe(const struct ds_texts *texts, struct ds_slice text)
{
    size_t mask = texts->cap * 2 - 1;
    for (size_t at = key_of(text) & mask;; at = (at + 1) & mask) {
        uint32_t number = texts->slots[at];
        if (number == 0 || ds_slice_equal(texts->list[number - 1], text))
            return &texts->slots[at];
    }
}

static bool grow(struct ds_texts *texts)
{
    size_t cap = texts->cap == 0 ? 64 : texts->cap * 2;
    struct ds_slice *list = calloc(cap, sizeof *list);
    uint32_t *slots = calloc(cap * 2, sizeof *slots);
    if (list == NULL || slots == NULL) {
        free(list);
        free(slots);
        return false;
    }
    if (texts->count > 0)
        memcpy(list, texts->list, texts->count * sizeof *list);
    free(texts->list);
    free(texts->slots);
    texts->list = list;
    texts->slots = slots;
    texts->cap = cap;
    for (size_t i = 0; i < texts->count; i++)
        *probe(texts, list[i]) = (uint32_t)i + 1;
    return true;
}

size_t ds_texts_number(struct ds_texts *texts, struct ds_slice text)
{
    if (texts->broken)
        return 0;
    if (texts->count == texts->cap && !grow(texts)) {
        texts->broken = true;
        return 0;
    }
    uint32_t *slot = probe(texts, text);
    if (*slot == 0) {
        texts->list[texts->count++] = text;
        *slot = (uint32_t)texts->count;
    }
    return *slot - 1;
}

bool ds_texts_has(const struct ds_texts *texts, struct ds_slice text)
{
    return texts->cap > 0 && *probe(texts, text) != 0;
}

void ds_texts_clean_up(struct ds_texts *texts)
{
    free(texts->list);
    free(texts->slots);
    *texts = (struct ds_texts){0};
}
