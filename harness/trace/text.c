#include "trace_internal.h"

#include <string.h>

/* More than a first line takes; a stream that shows none by then speaks something else. */
#define MAX_FIRST_LINE 8192
/* How far the first message is looked for in a stream whose beginning is not known. */
#define MAX_SEARCHED 65536

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
    text->state = text->state == DS_TEXT_SIP ? DS_TEXT_LOST : DS_TEXT_NEW;
    text->midstream = true;
    text->searched = 0;
    text->bytes.len = 0;
}

void ds_trace_text_restart(struct ds_trace_text *text)
{
    text->state = DS_TEXT_NEW;
    text->midstream = false;
    text->searched = 0;
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
        text->state = text->midstream ? DS_TEXT_LOST : DS_TEXT_OTHER;
}

static void tell_lost(struct ds_reading *reading, const struct ds_trace_text *text)
{
    ds_reading_gap(reading, reading->now.frame,
                   "SIP from %s to %s cannot be told apart here: no first line where a message "
                   "should begin",
                   ds_addr_text(text->way.from).text, ds_addr_text(text->way.to).text);
}

static bool tells_length(struct ds_slice bytes)
{
    struct ds_msg *msg = NULL;
    struct ds_slice value;
    if (ds_msg_read(bytes, &msg, NULL) != DS_OK)
        return true;
    bool tells = ds_msg_header(msg, "Content-Length", 0, &value);
    ds_msg_unref(&msg);
    return tells;
}

/* How long the message is that `rest` begins with. Where the length it tells of itself leads into
 * the middle of nothing, or it tells none and yet has a body, the next first line ends it. */
static size_t true_length(struct ds_slice rest, size_t told)
{
    struct ds_slice behind = ds_slice_from(rest, told);
    size_t skip = 0, len = 0;
    if (behind.len == 0 || ds_msg_frame(behind, &skip, &len, NULL) == DS_OK)
        return told;
    size_t next = ds_msg_find(rest, 1);
    return next < told || !tells_length((struct ds_slice){rest.at, told}) ? next : told;
}

/* What `rest` begins with is no message, or one whose length cannot be told: goes on at the next
 * first line. */
static struct ds_slice
find_next(struct ds_reading *reading, struct ds_trace_text *text, struct ds_slice rest)
{
    const struct ds_trace_hop hop = {text->way, text->transport};
    size_t next = ds_msg_find(rest, 1);
    if (text->state == DS_TEXT_SIP && ds_msg_looks_like_sip(rest))
        ds_trace_message(reading, &hop, (struct ds_slice){rest.at, next});
    else if (text->state == DS_TEXT_SIP)
        tell_lost(reading, text);
    text->state = next < rest.len ? DS_TEXT_SIP : DS_TEXT_LOST;
    return ds_slice_from(rest, next);
}

static void cut_messages(struct ds_reading *reading, struct ds_trace_text *text)
{
    const struct ds_trace_hop hop = {text->way, text->transport};
    struct ds_slice rest = ds_buf_slice(&text->bytes);
    while (rest.len > 0) {
        size_t skip = 0, len = 0;
        if (ds_msg_frame(rest, &skip, &len, NULL) != DS_OK) {
            rest = find_next(reading, text, ds_slice_from(rest, skip));
            continue;
        }
        rest = ds_slice_from(rest, skip);
        if (len == 0 || len > rest.len)
            break;
        len = true_length(rest, len);
        ds_trace_message(reading, &hop, (struct ds_slice){rest.at, len});
        rest = ds_slice_from(rest, len);
    }
    ds_trace_drop_front(&text->bytes, text->bytes.len - rest.len);
}

/* Keeps what may be the beginning of a first line. */
static void search(struct ds_trace_text *text, size_t added)
{
    struct ds_slice bytes = ds_buf_slice(&text->bytes);
    size_t found = ds_msg_find(bytes, 0);
    if (found < bytes.len) {
        ds_trace_drop_front(&text->bytes, found);
        text->state = DS_TEXT_SIP;
        return;
    }
    if (bytes.len > MAX_FIRST_LINE)
        ds_trace_drop_front(&text->bytes, bytes.len - MAX_FIRST_LINE);
    text->searched += added;
    if (text->midstream && text->searched > MAX_SEARCHED) {
        text->state = DS_TEXT_OTHER;
        text->bytes.len = 0;
    }
}

void ds_trace_text_feed(struct ds_reading *reading,
                        struct ds_trace_text *text,
                        struct ds_slice bytes)
{
    text->last_frame = reading->now.frame;
    if (text->state == DS_TEXT_OTHER) {
        if (!ds_msg_looks_like_sip(bytes))
            return;
        ds_trace_text_restart(text);
    }
    ds_buf_add(&text->bytes, bytes);
    if (text->bytes.broken) {
        reading->out_of_memory = true;
        return;
    }
    if (text->state == DS_TEXT_NEW)
        decide(text);
    if (text->state == DS_TEXT_LOST)
        search(text, bytes.len);
    if (text->state == DS_TEXT_SIP)
        cut_messages(reading, text);
    else if (text->state == DS_TEXT_OTHER)
        text->bytes.len = 0;
    if (text->state == DS_TEXT_SIP)
        text->midstream = false;
}

void ds_trace_text_end(struct ds_reading *reading, const struct ds_trace_text *text)
{
    if (text->state == DS_TEXT_SIP && text->bytes.len > 0)
        ds_reading_gap(reading, text->last_frame, "the last SIP message from %s to %s is not whole",
                       ds_addr_text(text->way.from).text, ds_addr_text(text->way.to).text);
}
