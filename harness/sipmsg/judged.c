#include "sipmsg_internal.h"

#include <stdlib.h>
#include <string.h>

/* Each text has one place, by its hash, and drives out what was there. It is compared byte by byte:
 * whoever writes messages may choose what has the same hash. */

#define DS_JUDGED_MAGIC 0x51b0006u
#define PLACES          4096u
#define MOST_BYTES      ((size_t)4096) /* longer ones are rare, and judged each time */

struct ds_msg_judged {
    uint32_t magic;

    struct text {
        char *at; /* owned */
        size_t len;
    } texts[PLACES];
};

ds_rc ds_msg_judged_new(struct ds_msg_judged **out)
{
    struct ds_msg_judged *judged = calloc(1, sizeof *judged);
    if (judged == NULL)
        return DS_NOMEM;
    judged->magic = DS_JUDGED_MAGIC;
    *out = judged;
    return DS_OK;
}

void ds_msg_judged_free(struct ds_msg_judged **judged)
{
    if (*judged == NULL)
        return;
    DS_CHECK(*judged, DS_JUDGED_MAGIC);
    for (size_t i = 0; i < PLACES; i++)
        free((*judged)->texts[i].at);
    (*judged)->magic = 0;
    free(*judged);
    *judged = NULL;
}

static struct text *place_of(struct ds_msg_judged *judged, struct ds_slice bytes)
{
    DS_CHECK(judged, DS_JUDGED_MAGIC);
    return &judged->texts[ds_hash(bytes) % PLACES];
}

bool ds_msg_was_judged(struct ds_msg_judged *judged, struct ds_slice bytes)
{
    if (judged == NULL || bytes.len > MOST_BYTES)
        return false;
    const struct text *text = place_of(judged, bytes);
    return text->at != NULL && ds_slice_equal((struct ds_slice){text->at, text->len}, bytes);
}

void ds_msg_judged_fine(struct ds_msg_judged *judged, struct ds_slice bytes)
{
    if (judged == NULL || bytes.len > MOST_BYTES || bytes.len == 0)
        return;
    struct text *text = place_of(judged, bytes);
    char *at = realloc(text->at, bytes.len);
    if (at == NULL)
        return; /* what was there stays whole */
    memcpy(at, bytes.at, bytes.len);
    *text = (struct text){at, bytes.len};
}
