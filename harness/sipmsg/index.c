#include "sipmsg_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The index over the bytes of a message: where its header fields stand, and what everybody asks
 * for, found once. */

enum essential { CALL_ID, FROM, TO, VIA, CSEQ, CONTENT_LENGTH, ESSENTIALS };

#define NOWHERE DS_MSG_MAX_HEADERS

struct index {
    struct ds_slice bytes, head;
    bool has_empty_line;
    struct ds_start_line start;
    size_t essentials[ESSENTIALS]; /* the first field of each name, or NOWHERE */
    size_t field_count;
    struct ds_indexed_field fields[DS_MSG_MAX_HEADERS];
};

/* What is not there is the empty text at the beginning. */
static struct ds_span span_of(struct ds_slice text, const char *bytes)
{
    if (text.at == NULL)
        return (struct ds_span){0, 0};
    return (struct ds_span){(uint16_t)(text.at - bytes), (uint16_t)text.len};
}

/* Their lengths tell most of them apart. */
static enum essential essential_of(struct ds_slice name)
{
    enum essential found = ESSENTIALS;
    switch (name.len) {
    case 2:
        found = ds_slice_equal_nocase(name, DS_LITERAL("To")) ? TO : found;
        break;
    case 3:
        found = ds_slice_equal_nocase(name, DS_LITERAL("Via")) ? VIA : found;
        break;
    case 4:
        found = ds_slice_equal_nocase(name, DS_LITERAL("From"))   ? FROM
                : ds_slice_equal_nocase(name, DS_LITERAL("CSeq")) ? CSEQ
                                                                  : found;
        break;
    case 7:
        found = ds_slice_equal_nocase(name, DS_LITERAL("Call-ID")) ? CALL_ID : found;
        break;
    case 14:
        found = ds_slice_equal_nocase(name, DS_LITERAL("Content-Length")) ? CONTENT_LENGTH : found;
        break;
    default:
        break;
    }
    return found;
}

static void add_field(struct index *index, const struct ds_field *field, size_t line_len)
{
    struct ds_slice name = ds_long_name(field->name);
    enum essential essential = essential_of(name);
    if (essential != ESSENTIALS && index->essentials[essential] == NOWHERE)
        index->essentials[essential] = index->field_count;
    index->fields[index->field_count++] =
        (struct ds_indexed_field){.name_key = ds_name_key(name),
                                  .name = span_of(field->name, index->bytes.at),
                                  .value = span_of(field->value, index->bytes.at),
                                  .line_len = (uint16_t)line_len};
}

static size_t line_number(struct ds_slice head, struct ds_slice line)
{
    size_t number = 1;
    for (const char *at = head.at; at < line.at; at++)
        number += *at == '\n';
    return number;
}

/* Cuts the head off the body on the way. */
static void read_fields(struct index *index, struct ds_why *defect)
{
    struct ds_slice rest = index->head, line;
    struct ds_field field;
    ds_slice_cut(&rest, '\n', &line);
    while (!index->has_empty_line && ds_line_cut(&rest, &line)) {
        index->has_empty_line = ds_line_is_empty(line);
        if (index->has_empty_line)
            index->head.len = (size_t)(line.at + line.len - index->head.at);
        else if (index->field_count == DS_MSG_MAX_HEADERS)
            ds_note(defect, "there are more than %d header fields", DS_MSG_MAX_HEADERS);
        else if (ds_field_read(line, &field))
            add_field(index, &field, line.len);
        else
            ds_note(defect, "line %zu is no header field", line_number(index->head, line));
    }
}

static struct ds_msg *new_msg(const struct index *index)
{
    struct ds_slice bytes = index->bytes;
    size_t fields_size = index->field_count * sizeof index->fields[0];
    struct ds_msg *msg = malloc(sizeof *msg + fields_size + bytes.len);
    if (msg == NULL)
        return NULL;
    char *copy = (char *)msg + sizeof *msg + fields_size;
    memcpy(copy, bytes.at, bytes.len);
    *msg = (struct ds_msg){.magic = DS_MSG_MAGIC,
                           .refs = 1,
                           .self = msg,
                           .is_request = index->start.is_request,
                           .has_empty_line = index->has_empty_line,
                           .subject = span_of(index->start.subject, bytes.at),
                           .object = span_of(index->start.object, bytes.at),
                           .version = span_of(index->start.version, bytes.at),
                           .head = span_of(index->head, bytes.at),
                           .bytes = {copy, bytes.len},
                           .field_count = (uint16_t)index->field_count};
    memcpy(msg->fields, index->fields, fields_size);
    msg->body.at = msg->head.at + msg->head.len;
    msg->body.len = (uint16_t)(bytes.len - msg->body.at);
    return msg;
}

/* ---- what everybody asks for ---- */

static struct ds_slice
essential(const struct ds_msg *msg, const struct index *index, enum essential which)
{
    size_t at = index->essentials[which];
    return at == NOWHERE ? (struct ds_slice){NULL, 0} : ds_field_value(msg, at);
}

static void read_cseq(struct ds_msg *msg, struct ds_slice value)
{
    uint64_t number = 0;
    size_t end = 0;
    while (end < value.len && !isspace((unsigned char)value.at[end]))
        end++;
    struct ds_slice digits = {value.at, end}, method = ds_slice_trim(ds_slice_from(value, end));
    msg->cseq_number = span_of(digits, msg->bytes.at);
    msg->cseq_method = span_of(method, msg->bytes.at);
    if (ds_slice_number(digits, UINT32_MAX, &number) == DS_OK)
        msg->cseq = (uint32_t)number;
}

static void read_branch(struct ds_msg *msg, struct ds_slice value)
{
    struct ds_slice via, branch;
    if (!ds_value_cut(&value, &via)) /* an empty one: the topmost is in the next */
        ds_msg_value(msg, "Via", 0, &via);
    ds_param(via, "branch", &branch);
    msg->branch = span_of(branch, msg->bytes.at);
}

static void read_essentials(struct ds_msg *msg, const struct index *index)
{
    const char *bytes = msg->bytes.at;
    struct ds_slice length = essential(msg, index, CONTENT_LENGTH);
    uint64_t number;
    msg->call_id = span_of(essential(msg, index, CALL_ID), bytes);
    msg->from = span_of(essential(msg, index, FROM), bytes);
    msg->to_tag = span_of(ds_value_tag(essential(msg, index, TO)), bytes);
    read_branch(msg, essential(msg, index, VIA));
    read_cseq(msg, essential(msg, index, CSEQ));
    if (!msg->is_request && ds_slice_number(ds_msg_text(msg, msg->subject), 999, &number) == DS_OK)
        msg->status = (uint16_t)number;
    if (ds_slice_number(length, msg->body.len, &number) == DS_OK)
        msg->body.len = (uint16_t)number;
}

/* Most datagrams that observers ask of are no SIP. */
DS_EXPANDED ds_rc ds_msg_index(struct ds_slice bytes, struct ds_msg **out, struct ds_why *defect)
{
    struct index index;
    defect->text[0] = '\0';
    index.bytes = bytes;
    if (bytes.len > DS_MSG_MAX_BYTES)
        index.bytes.len = DS_MSG_MAX_BYTES;
    index.head = ds_skip_junk(index.bytes);
    if (!ds_start_line_read(index.head, &index.start))
        return DS_BAD;
    if (bytes.len > DS_MSG_MAX_BYTES)
        ds_note(defect, "the message has %zu bytes, more than %d", bytes.len, DS_MSG_MAX_BYTES);
    index.has_empty_line = false;
    index.field_count = 0;
    for (size_t i = 0; i < ESSENTIALS; i++)
        index.essentials[i] = NOWHERE;
    read_fields(&index, defect);
    *out = new_msg(&index);
    if (*out == NULL)
        return DS_NOMEM;
    read_essentials(*out, &index);
    return DS_OK;
}
