#include "trace_internal.h"

#include <string.h>

/* More than a first line takes; a stream that shows none by then speaks something else. */
#define MAX_FIRST_LINE 8192

void ds_trace_drop_front(struct ds_buf *buf, size_t len)
{
    ds_assert(len <= buf->len);
    if (len == 0)
        return;
    memmove(buf->at, buf->at + len, buf->len - len);
    buf->len -= len;
}

void ds_trace_text_break(struct ds_trace_text *text)
{
    text->state = DS_TEXT_NEW;
    text->bytes.len = 0;
}

static void decide(struct ds_trace_text *text)
{
    struct ds_slice bytes = ds_buf_slice(&text->bytes);
    while (bytes.len > 0 && (bytes.at[0] == '\r' || bytes.at[0] == '\n'))
        bytes = ds_slice_from(bytes, 1);
    if (ds_msg_looks_like_sip(bytes))
        text->state = DS_TEXT_SIP;
    else if (bytes.len > MAX_FIRST_LINE ||
             (bytes.len > 0 && memchr(bytes.at, '\n', bytes.len) != NULL))
        text->state = DS_TEXT_OTHER;
}

static void lose_track(struct ds_reading *reading, struct ds_trace_text *text)
{
    ds_reading_gap(reading, reading->now.frame,
                   "SIP from %s to %s cannot be told apart from here on: no first line where a "
                   "message should begin",
                   ds_addr_text(text->way.from).text, ds_addr_text(text->way.to).text);
    text->state = DS_TEXT_OTHER;
    text->bytes.len = 0;
}

static void cut_messages(struct ds_reading *reading, struct ds_trace_text *text)
{
    const struct ds_trace_hop hop = {text->way, text->transport};
    struct ds_slice rest = ds_buf_slice(&text->bytes);
    while (rest.len > 0) {
        size_t skip = 0, len = 0;
        if (ds_msg_frame(rest, &skip, &len, NULL) != DS_OK) {
            lose_track(reading, text);
            return;
        }
        rest = ds_slice_from(rest, skip);
        if (len == 0 || len > rest.len)
            break;
        ds_trace_message(reading, &hop, (struct ds_slice){rest.at, len});
        rest = ds_slice_from(rest, len);
    }
    ds_trace_drop_front(&text->bytes, text->bytes.len - rest.len);
}

void ds_trace_text_feed(struct ds_reading *reading,
                        struct ds_trace_text *text,
                        struct ds_slice bytes)
{
    if (text->state == DS_TEXT_OTHER) {
        if (!ds_msg_looks_like_sip(bytes))
            return;
        text->state = DS_TEXT_SIP;
        text->bytes.len = 0;
    }
    ds_buf_add(&text->bytes, bytes);
    if (text->bytes.broken) {
        reading->out_of_memory = true;
        return;
    }
    if (text->state == DS_TEXT_NEW)
        decide(text);
    if (text->state == DS_TEXT_SIP)
        cut_messages(reading, text);
    else if (text->state == DS_TEXT_OTHER)
        text->bytes.len = 0;
}
