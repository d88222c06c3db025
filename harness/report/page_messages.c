#include "report_internal.h"

#include <string.h>

/* Messages differ by a few lines from hop to hop, and from one another: each line is written once,
 * and a message is the numbers of its lines. */

/* What a message is, in one number. */
enum { IS_RETRANSMISSION = 1, IS_REQUEST = 2, HAS_SDP = 4, HAS_GATEWAY_SDP = 8 };

/* Line ends are left out: a line feed, with the carriage return before it. */
static bool cut_line(struct ds_slice *rest, struct ds_slice *line)
{
    if (rest->len == 0)
        return false;
    const char *feed = memchr(rest->at, '\n', rest->len);
    size_t len = feed == NULL ? rest->len : (size_t)(feed - rest->at);
    *line = (struct ds_slice){rest->at, len};
    *rest = ds_slice_from(*rest, feed == NULL ? len : len + 1);
    if (line->len > 0 && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

/* Bytes that the page has not yet. */
static size_t new_bytes(const struct ds_texts *lines, struct ds_slice bytes)
{
    size_t count = 0;
    struct ds_slice line;
    while (cut_line(&bytes, &line))
        if (!ds_texts_has(lines, line))
            count += line.len;
    return count;
}

/* An empty list: there was no room for this one. Most are so much shorter than what is left that
 * nothing has to be counted before. */
static void
print_lines(struct ds_json *json, struct ds_texts *lines, size_t *bytes_left, struct ds_slice bytes)
{
    struct ds_slice line;
    size_t before = lines->count, more = 0;
    ds_json_begin(json, NULL, '[');
    if (bytes.len <= *bytes_left || new_bytes(lines, bytes) <= *bytes_left) {
        while (cut_line(&bytes, &line)) {
            size_t number = ds_texts_number(lines, line);
            more += number < before ? 0 : line.len;
            ds_json_whole(json, NULL, number);
        }
        *bytes_left -= more;
    }
    ds_json_end(json, ']');
}

static int flags_of(const struct ds_event *event)
{
    return (event->retransmission ? IS_RETRANSMISSION : 0) |
           (ds_msg_is_request(event->msg) ? IS_REQUEST : 0) | (event->sdp != NULL ? HAS_SDP : 0) |
           (event->gateway_sdp != NULL ? HAS_GATEWAY_SDP : 0);
}

/* Frame, time, from, to, leg, call (-1: none), what it is, transport, label, what a strict reader
 * refuses. */
static void print_head(struct ds_json *json,
                       const struct ds_trace *trace,
                       const struct ds_event *event,
                       struct ds_page_places *places)
{
    char label[256];
    const struct ds_call *call = event->leg->call;
    const char *defect = NULL;
    json->out.broken |= ds_msg_defect(event->msg, &defect) != DS_OK;
    ds_event_label(event, label, sizeof label);
    ds_json_whole(json, NULL, event->frame);
    ds_json_number(json, NULL, event->at);
    ds_json_whole(json, NULL, ds_page_place(places, event->from_node, event->from));
    ds_json_whole(json, NULL, ds_page_place(places, event->to_node, event->to));
    ds_json_number(json, NULL, event->leg - trace->legs);
    ds_json_number(json, NULL, call == NULL ? -1 : call - trace->calls);
    ds_json_number(json, NULL, flags_of(event));
    ds_json_text(json, NULL, ds_transport_name(event->transport));
    ds_json_text(json, NULL, label);
    ds_json_text(json, NULL, defect);
}

void ds_page_messages(struct ds_json *json,
                      const struct ds_trace *trace,
                      struct ds_page_places *places)
{
    struct ds_texts lines = {0};
    size_t bytes_left = DS_PAGE_TEXT_BYTES;
    size_t count = trace->event_count < DS_PAGE_MESSAGES ? trace->event_count : DS_PAGE_MESSAGES;
    ds_json_whole(json, "messages_left_out", trace->event_count - count);
    ds_json_begin(json, "messages", '[');
    for (size_t i = 0; i < count; i++) {
        ds_json_begin(json, NULL, '[');
        print_head(json, trace, &trace->events[i], places);
        print_lines(json, &lines, &bytes_left, ds_msg_bytes(trace->events[i].msg));
        ds_json_end(json, ']');
    }
    ds_json_end(json, ']');
    ds_json_begin(json, "lines", '[');
    for (size_t i = 0; i < lines.count; i++)
        ds_json_slice(json, NULL, lines.list[i]);
    ds_json_end(json, ']');
    json->out.broken |= lines.broken;
    ds_texts_clean_up(&lines);
}
