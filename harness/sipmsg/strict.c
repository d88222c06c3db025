#include "sipmsg_internal.h"

#include <ctype.h>
#include <string.h>

#include <osipparser2/osip_parser.h>

/* libosip2 keeps lists in the order of arrival and walks them to append: bounded, that is cheap. */
#define MAX_ITEMS 2048

static void
swallow(const char *file, int line, osip_trace_level_t level, const char *fmt, va_list args)
{
    (void)file, (void)line, (void)level, (void)fmt, (void)args;
}

/* libosip2 has tables to fill, and prints each parse error to the standard output unless it is
 * given another place first. Doing so while the program is loaded needs no state of ours. */
__attribute__((constructor)) static void prepare_libosip2(void)
{
    osip_trace_initialize_func(TRACE_LEVEL0, swallow);
    for (int level = TRACE_LEVEL0; level < END_TRACE_LEVEL; level++)
        osip_trace_disable_level((osip_trace_level_t)level);
    parser_init();
}

static void judge_lines(const struct ds_msg *msg, struct ds_why *defect)
{
    struct ds_slice head = ds_msg_text(msg, msg->head), line;
    if (!msg->has_empty_line)
        ds_note(defect, "no empty line ends the header fields");
    ds_wire_judge_nul(head, defect);
    for (size_t number = 1; head.len > 0 && ds_slice_cut(&head, '\n', &line); number++) {
        const char *stop = memchr(line.at, '\r', line.len);
        if (stop != line.at + line.len - 1)
            ds_note(defect, "line %zu does not end in CRLF", number);
    }
}

static void judge_bounds(const struct ds_msg *msg, struct ds_why *defect)
{
    struct ds_slice head = ds_msg_text(msg, msg->head);
    size_t items = 0;
    for (size_t i = 0; i < head.len && head.len > MAX_ITEMS; i++)
        items += head.at[i] == ',' || head.at[i] == ';';
    if (items > MAX_ITEMS)
        ds_note(defect, "the header fields have more than %d values and parameters", MAX_ITEMS);
}

static void judge_counts(const struct ds_msg *msg, struct ds_why *defect)
{
    static const struct {
        const char *name;
        bool needed, single;
    } rules[] = {
        {"Via", true, false},
        {"From", true, true},
        {"To", true, true},
        {"Call-ID", true, true},
        {"CSeq", true, true},
        {"Content-Length", false, true},
        {"Content-Type", false, true},
        {"Max-Forwards", false, true},
    };

    for (size_t i = 0; i < DS_COUNT(rules); i++) {
        struct ds_slice name = ds_slice_of(rules[i].name);
        size_t at = ds_field_find(msg, name, 0);
        if (rules[i].needed && (at == msg->field_count || msg->fields[at].value.len == 0))
            ds_note(defect, "%s is missing", rules[i].name);
        if (rules[i].single && at < msg->field_count &&
            ds_field_find(msg, name, at + 1) < msg->field_count)
            ds_note(defect, "%s stands there twice", rules[i].name);
    }
}

static void judge_numbers(const struct ds_msg *msg, struct ds_why *defect)
{
    struct ds_slice value, method = ds_msg_text(msg, msg->cseq_method);
    uint64_t number;
    if (ds_slice_number(ds_msg_text(msg, msg->cseq_number), INT32_MAX, &number) != DS_OK)
        ds_note(defect, "the number in CSeq is none, or not below 2^31");
    if (!ds_slice_equal(ds_msg_method(msg), method))
        ds_note(defect, "the method in CSeq is not the one in the request line");
    if (method.len == 0)
        ds_note(defect, "CSeq has no method");
    else if (!ds_is_token(method))
        ds_note(defect, "what follows the number in CSeq is no method");
    if (ds_msg_header(msg, "Max-Forwards", 0, &value) &&
        ds_slice_number(value, UINT8_MAX, &number) != DS_OK)
        ds_note(defect, "Max-Forwards is not a number from 0 to 255");
    if (!ds_msg_header(msg, "Content-Length", 0, &value))
        return;
    size_t there = msg->bytes.len - msg->body.at;
    if (ds_slice_number(value, UINT32_MAX, &number) != DS_OK)
        ds_note(defect, "Content-Length is not a number");
    else if (number > there)
        ds_note(defect, "Content-Length says %llu bytes, but %zu follow the header fields",
                (unsigned long long)number, there);
}

/* It takes a NUL, which may be quoted, for the end of the text, and anything but a letter or digit
 * for the end of a scheme (RFC 4475 3.1.1.2 and 3.3.3). */
static void disguise(const struct ds_msg *msg, struct ds_buf *text)
{
    struct ds_slice uri = ds_msg_request_uri(msg);
    size_t at = (size_t)(msg->object.at - msg->head.at);
    for (size_t i = 0; i < uri.len && uri.at[i] != ':'; i++) {
        if (!isalnum((unsigned char)uri.at[i]))
            text->at[at + i] = 'x';
    }
    for (size_t i = 0; i < text->len; i++) {
        if (text->at[i] == '\0')
            text->at[i] = '0';
    }
}

/* The first line and the header fields less Content-Length, with which libosip2 would want the body
 * too: it drops bodies that have no type, and loses memory on some multipart ones. */
static void write_for_libosip2(const struct ds_msg *msg, struct ds_buf *text)
{
    size_t at = ds_field_find(msg, DS_LITERAL("Content-Length"), 0);
    struct ds_slice rest = ds_msg_text(msg, msg->head), line;
    if (at < msg->field_count) {
        line = ds_field_line(msg, at);
        size_t before = (size_t)(line.at - rest.at);
        ds_buf_add(text, (struct ds_slice){rest.at, before});
        rest = ds_slice_from(rest, before + line.len);
    }
    ds_buf_add(text, rest);
    if (!text->broken)
        disguise(msg, text);
}

static ds_rc judge_with_libosip2(const struct ds_msg *msg, struct ds_why *defect)
{
    struct ds_buf text = {0};
    osip_message_t *reading = NULL;
    write_for_libosip2(msg, &text);
    int rc = text.broken ? OSIP_NOMEM : osip_message_init(&reading);
    if (rc == OSIP_SUCCESS)
        rc = osip_message_parse(reading, text.at, text.len);
    osip_message_free(reading);
    ds_buf_clean_up(&text);
    if (rc == OSIP_NOMEM)
        return DS_NOMEM;
    if (rc != OSIP_SUCCESS)
        ds_note(defect, "libosip2 cannot read the header fields");
    return DS_OK;
}

ds_rc ds_msg_judge(const struct ds_msg *msg, bool drafted, struct ds_why *defect)
{
    judge_bounds(msg, defect);
    ds_start_line_judge(msg, defect);
    judge_lines(msg, defect);
    judge_counts(msg, defect);
    judge_numbers(msg, defect);
    ds_wire_judge(msg, defect);
    return drafted || defect->text[0] != '\0' ? DS_OK : judge_with_libosip2(msg, defect);
}
