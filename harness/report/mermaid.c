#include "report_internal.h"

#include <string.h>

/* The ladder as a sequence diagram that Mermaid draws, fenced, as tickets and wikis take it. */

/* Mermaid's own escape, a code point between '#' and ';', for all but the harmless: directives,
 * HTML, comments and ends of lines are made of the rest. */
static void print_plain(struct ds_buf *out, struct ds_slice text)
{
    static const char harmless[] = " +-.,()@=/_:";
    struct ds_buf safe = {0};
    ds_print_safe(&safe, text);
    for (size_t i = 0; i < safe.len; i++) {
        char c = safe.at[i];
        bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (is_word || (unsigned char)c >= 0x80 || strchr(harmless, c) != NULL)
            ds_buf_add(out, (struct ds_slice){&c, 1});
        else
            ds_buf_print(out, "#%d;", c);
    }
    out->broken |= safe.broken;
    ds_buf_clean_up(&safe);
}

static void print_places(const struct ds_lifelines *lines, struct ds_buf *out)
{
    for (size_t i = 0; i < lines->count; i++) {
        ds_buf_print(out, "    participant p%zu as ", i + 1);
        print_plain(out, ds_slice_of(ds_lifeline_name(lines, i).text));
        ds_buf_text(out, "\n");
    }
}

/* Responses are dashed, as Mermaid's users expect of answers. */
static void
print_event(const struct ds_lifelines *lines, const struct ds_event *event, struct ds_buf *out)
{
    char label[256];
    int from = ds_lifeline_of(lines, (struct ds_place){event->from_node, event->from});
    int to = ds_lifeline_of(lines, (struct ds_place){event->to_node, event->to});
    if (from < 0 || to < 0)
        return;
    ds_event_label(event, label, sizeof label);
    ds_buf_print(out, "    p%d%sp%d: ", from + 1, ds_msg_is_request(event->msg) ? "->>" : "-->>",
                 to + 1);
    print_plain(out, ds_slice_of(label));
    ds_buf_print(out, "%s\n", event->retransmission ? " (again)" : "");
}

/* A note over the two places that media went between, or over the first where it was elsewhere. */
static void print_note(const struct ds_lifelines *lines,
                       struct ds_place one,
                       struct ds_place other,
                       struct ds_buf *words,
                       struct ds_buf *out)
{
    int from = ds_lifeline_of(lines, one), to = ds_lifeline_of(lines, other);
    if (from < 0 || to < 0)
        ds_buf_text(out, "    Note over p1: ");
    else
        ds_buf_print(out, "    Note over p%d,p%d: ", from + 1, to + 1);
    print_plain(out, ds_slice_trim(ds_buf_slice(words)));
    ds_buf_text(out, "\n");
    out->broken |= words->broken;
    ds_buf_clean_up(words);
}

static void print_media(const struct ds_trace *trace,
                        const struct ds_call *call,
                        const struct ds_lifelines *lines,
                        struct ds_buf *out)
{
    struct ds_buf words = {0};
    struct ds_pairs pairs;
    ds_pairs_find(call, &pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct ds_flow *there = pairs.list[i].there;
        ds_pair_print(&pairs.list[i], &words);
        print_note(lines, (struct ds_place){there->from_node, there->from},
                   (struct ds_place){there->to_node, there->to}, &words, out);
    }
    for (size_t i = 0; i < trace->fax_count; i++) {
        const struct ds_fax_seen *fax = &trace->faxes[i];
        if (fax->call != call)
            continue;
        ds_fax_print(fax, &words);
        print_note(lines, (struct ds_place){fax->from_node, fax->from},
                   (struct ds_place){fax->to_node, fax->to}, &words, out);
    }
    if (lines->more || pairs.more)
        ds_buf_text(out, "    Note over p1: and more than is drawn here\n");
}

void ds_ladder_mermaid(const struct ds_trace *trace, const struct ds_call *call, struct ds_buf *out)
{
    struct ds_lifelines lines;
    struct ds_buf title = {0};
    ds_lifelines_find(call, &lines);
    ds_ladder_title(trace, call, &title);
    ds_buf_text(out, "```mermaid\nsequenceDiagram\n");
    print_places(&lines, out);
    ds_buf_print(out, "    Note over p1,p%zu: ", lines.count);
    print_plain(out, ds_slice_trim(ds_buf_slice(&title)));
    ds_buf_text(out, "\n");
    for (size_t i = 0; i < call->event_count; i++)
        print_event(&lines, call->events[i], out);
    print_media(trace, call, &lines, out);
    ds_buf_text(out, "```\n");
    out->broken |= title.broken;
    ds_buf_clean_up(&title);
}
