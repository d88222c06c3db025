#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

/* What SDP says is read once for all messages that have the same body, as most travel over several
 * hops. It is kept as long as one of them, with the message that it was read from. */

struct description {
    uint32_t refs; /* of events, and one of the reading while its part is read */
    struct description *self;
    struct ds_msg *source; /* owned: a reference; what `sdp` points into */
    struct ds_slice body;  /* of the source */
    struct ds_sdp sdp;     /* last, and only as far as its last format */
};

static struct description *description_of(const struct ds_sdp *sdp)
{
    const char *at = (const char *)sdp - offsetof(struct description, sdp);
    return ((const struct description *)(const void *)at)->self;
}

static struct description *
new_description(const struct ds_msg *msg, struct ds_slice body, const struct ds_sdp *sdp)
{
    size_t size = ds_sdp_size(sdp);
    struct description *fresh = malloc(offsetof(struct description, sdp) + size);
    if (fresh == NULL)
        return NULL;
    fresh->refs = 0;
    fresh->self = fresh;
    fresh->source = ds_msg_ref(msg);
    fresh->body = body;
    memcpy(&fresh->sdp, sdp, size);
    return fresh;
}

static void end(struct description *description)
{
    ds_msg_unref(&description->source);
    free(description);
}

void ds_trace_drop_description(const struct ds_sdp *sdp)
{
    struct description *description = sdp == NULL ? NULL : description_of(sdp);
    if (description != NULL && --description->refs == 0)
        end(description);
}

/* Known from here on, until the part is told. False: there is no memory for that. */
static bool remember(struct ds_reading *reading, struct description *description, uint64_t mark)
{
    struct description **place = ds_trace_array_add(&reading->described, sizeof(void *));
    if (place == NULL ||
        !ds_trace_map_put_marked(&reading->descriptions, mark, description->body, description)) {
        reading->described.count -= place != NULL;
        reading->out_of_memory = true;
        return false;
    }
    *place = description;
    description->refs++;
    return true;
}

void ds_trace_forget_descriptions(struct ds_reading *reading)
{
    struct description **described = reading->described.at;
    for (size_t i = 0; i < reading->described.count; i++)
        ds_trace_drop_description(&described[i]->sdp);
    reading->described.count = 0;
    ds_trace_map_empty(&reading->descriptions);
}

static struct description *read_description(struct ds_reading *reading,
                                            const struct ds_msg *msg,
                                            struct ds_slice body,
                                            uint64_t mark)
{
    struct ds_sdp sdp;
    if (ds_sdp_parse(body, &sdp, NULL) != DS_OK)
        return NULL;
    if (reading->described.count >= reading->most_descriptions) {
        reading->lost_descriptions++;
        return NULL;
    }
    struct description *fresh = new_description(msg, body, &sdp);
    if (fresh != NULL && remember(reading, fresh, mark))
        return fresh;
    reading->out_of_memory = true;
    if (fresh != NULL)
        end(fresh);
    return NULL;
}

const struct ds_sdp *
ds_trace_describe(struct ds_reading *reading, const struct ds_msg *msg, struct ds_slice body)
{
    uint64_t mark = ds_trace_mark(body);
    struct description *known =
        body.len == 0 ? NULL : ds_trace_map_get_marked(&reading->descriptions, mark, body);
    if (known == NULL && body.len > 0)
        known = read_description(reading, msg, body, mark);
    if (known == NULL)
        return NULL;
    known->refs++;
    return &known->sdp;
}

static void carry(struct ds_reading *reading, const struct ds_sdp *sdp)
{
    if (sdp == NULL)
        return;
    struct description *description = description_of(sdp);
    remember(reading, description, ds_trace_mark(description->body));
}

void ds_trace_carry_descriptions(struct ds_reading *reading)
{
    const struct ds_event *events = reading->events.at;
    for (size_t i = 0; i < reading->events.count && !reading->out_of_memory; i++) {
        carry(reading, events[i].sdp);
        carry(reading, events[i].gateway_sdp);
        if (events[i].sdp != NULL)
            ds_trace_announce(reading, events[i].sdp, NULL);
    }
}

/* Events show their message as constant; this gives up the one reference behind it. */
static void drop_message(const struct ds_msg *msg)
{
    struct ds_msg *borrowed = ds_msg_ref(msg), *own = borrowed;
    ds_msg_unref(&borrowed);
    ds_msg_unref(&own);
}

void ds_trace_drop_event(const struct ds_event *event)
{
    ds_trace_drop_description(event->sdp);
    ds_trace_drop_description(event->gateway_sdp);
    drop_message(event->msg);
}
