#include "certificate_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Versions as elements tell them: User-Agent and Server (RFC 3261 20.41, 20.35) of what they sent,
 * from the messages that the page is told of. */

#define MOST_ELEMENTS 200

/* Of a message of the page's: page_messages.c */
enum { MESSAGE_FROM = 2, MESSAGE_LEG = 4, MESSAGE_LINES = 10 };

struct elements {
    struct ds_texts said; /* owned; "gateway\nAcme SBC 7.2" */
    struct ds_arena *arena;
};

/* One run's. Who passes a message on leaves the name in it: in each leg a name is of the element
 * that sent it first. */
struct reading {
    struct elements *elements;
    const json_t *seen;
    struct ds_texts first; /* owned; "2\nAcme SBC 7.2" */
};

static bool cut_header(struct ds_slice line, const char *name, struct ds_slice *value)
{
    struct ds_slice head;
    return ds_slice_cut(&line, ':', &head) &&
           ds_slice_equal_nocase(ds_slice_trim(head), ds_slice_of(name)) &&
           (*value = ds_slice_trim(line)).len > 0;
}

/* Keeps "who\nwhat"; false where it was known. */
static bool
keep(struct ds_texts *texts, struct ds_arena *arena, const char *who, struct ds_slice what)
{
    char text[512];
    int len = snprintf(text, sizeof text, "%s\n%.*s", who, DS_FMT(what));
    struct ds_slice kept = {text, len < (int)sizeof text ? (size_t)len : sizeof text - 1};
    if (texts->count == MOST_ELEMENTS || ds_texts_has(texts, kept))
        return false;
    kept.at = ds_arena_copy(arena, kept);
    texts->broken |= kept.at == NULL;
    ds_texts_number(texts, kept);
    return true;
}

static void note(struct reading *reading, const json_t *message, struct ds_slice what)
{
    struct elements *elements = reading->elements;
    const json_t *places = json_object_get(reading->seen, "places");
    json_int_t from = json_integer_value(json_array_get(message, MESSAGE_FROM));
    char leg[32];
    snprintf(leg, sizeof leg, "%lld",
             (long long)json_integer_value(json_array_get(message, MESSAGE_LEG)));
    if (keep(&reading->first, elements->arena, leg, what))
        keep(&elements->said, elements->arena,
             ds_text(json_string_value(json_array_get(places, (size_t)from))), what);
}

static void read_message(struct reading *reading, const json_t *message)
{
    const json_t *numbers = json_array_get(message, MESSAGE_LINES);
    const json_t *lines = json_object_get(reading->seen, "lines");
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        size_t number = (size_t)json_integer_value(json_array_get(numbers, i));
        const char *line = ds_text(json_string_value(json_array_get(lines, number)));
        struct ds_slice value;
        if (line[0] == '\0')
            return; /* the head ends here */
        if (cut_header(ds_slice_of(line), "User-Agent", &value) ||
            cut_header(ds_slice_of(line), "Server", &value))
            note(reading, message, value);
    }
}

static void read_run(struct elements *elements, const struct ds_run_result *run)
{
    json_t *seen = json_loads(ds_text(run->seen), 0, NULL);
    struct reading reading = {.elements = elements, .seen = seen};
    const json_t *messages = json_object_get(seen, "messages");
    for (size_t i = 0; i < json_array_size(messages); i++)
        read_message(&reading, json_array_get(messages, i));
    elements->said.broken |=
        reading.first.broken || (seen == NULL && ds_text(run->seen)[0] != '\0');
    ds_texts_clean_up(&reading.first);
    json_decref(seen);
}

static int compare(const void *one, const void *other)
{
    const struct ds_slice *a = one, *b = other;
    return strcmp(a->at, b->at);
}

static void print(const struct elements *elements, struct ds_buf *out)
{
    ds_buf_text(out, "<h2>Elements</h2>\n");
    if (elements->said.count == 0) {
        ds_buf_text(out, "<p>No element said in its messages what it is.</p>\n");
        return;
    }
    ds_buf_text(out, "<table><thead><tr><th>Element</th><th>What it says it is (User-Agent, "
                     "Server)</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < elements->said.count; i++) {
        const char *text = elements->said.list[i].at, *value = strchr(text, '\n');
        struct ds_buf who = {0};
        ds_buf_add(&who, (struct ds_slice){text, (size_t)(value - text)});
        ds_buf_text(out, "<tr>");
        ds_html_element(out, "th", who.at);
        ds_html_element(out, "td", value + 1);
        ds_buf_text(out, "</tr>\n");
        out->broken |= who.broken;
        ds_buf_clean_up(&who);
    }
    ds_buf_text(out, "</tbody></table>\n");
    if (elements->said.count == MOST_ELEMENTS)
        ds_buf_print(out, "<p>These are the first %d; there may be more.</p>\n", MOST_ELEMENTS);
}

void ds_certificate_elements(struct ds_certificate *certificate)
{
    struct elements elements = {.arena = NULL};
    if (ds_arena_new(&elements.arena) != DS_OK) {
        certificate->out.broken = true;
        return;
    }
    for (size_t i = 0; i < certificate->suite->run_count; i++)
        read_run(&elements, &certificate->suite->runs[i]);
    if (elements.said.count > 1 && !elements.said.broken)
        qsort(elements.said.list, elements.said.count, sizeof *elements.said.list, compare);
    if (!elements.said.broken)
        print(&elements, &certificate->out);
    certificate->out.broken |= elements.said.broken;
    ds_texts_clean_up(&elements.said);
    ds_arena_free(&elements.arena);
}
