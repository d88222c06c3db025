#include "sipmsg_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ds_note(struct ds_why *first, const char *fmt, ...)
{
    va_list args;
    if (first->text[0] != '\0')
        return;
    va_start(args, fmt);
    vsnprintf(first->text, sizeof first->text, fmt, args);
    va_end(args);
}

/* ---- reading ---- */

/* What a message begins with, told by places in the bytes that it came in. */
struct head {
    struct ds_slice text, body;
    bool has_empty_line;
    struct ds_start_line start;
    size_t field_count;
    struct ds_field fields[DS_MSG_MAX_HEADERS];
};

static size_t line_number(struct ds_slice head, struct ds_slice line)
{
    size_t number = 1;
    for (const char *at = head.at; at < line.at; at++)
        number += *at == '\n';
    return number;
}

/* Cuts the head off the body on the way. */
DS_EXPANDED static void index_fields(struct head *head, struct ds_why *defect)
{
    struct ds_slice rest = head->text, line;
    const char *end = rest.at + rest.len;
    ds_slice_cut(&rest, '\n', &line);
    while (!head->has_empty_line && ds_line_cut(&rest, &line)) {
        head->has_empty_line = ds_line_is_empty(line);
        if (head->has_empty_line)
            break;
        if (head->field_count == DS_MSG_MAX_HEADERS)
            ds_note(defect, "there are more than %d header fields", DS_MSG_MAX_HEADERS);
        else if (ds_field_read(line, &head->fields[head->field_count]))
            head->field_count++;
        else
            ds_note(defect, "line %zu is no header field", line_number(head->text, line));
    }
    head->body = (struct ds_slice){head->has_empty_line ? rest.at : end, rest.len};
    head->text.len = (size_t)(head->body.at - head->text.at);
}

static struct ds_slice moved(struct ds_slice part, const char *from, const char *to)
{
    return part.at == NULL ? part : (struct ds_slice){to + (part.at - from), part.len};
}

static struct ds_start_line
moved_start(const struct ds_start_line *start, const char *from, const char *to)
{
    return (struct ds_start_line){.is_request = start->is_request,
                                  .method = moved(start->method, from, to),
                                  .uri = moved(start->uri, from, to),
                                  .status = moved(start->status, from, to),
                                  .reason = moved(start->reason, from, to),
                                  .version = moved(start->version, from, to)};
}

static struct ds_msg *new_msg(struct ds_slice bytes, const struct head *head)
{
    size_t fields_size = head->field_count * sizeof head->fields[0];
    struct ds_msg *msg = malloc(sizeof *msg + fields_size + bytes.len);
    if (msg == NULL)
        return NULL;
    char *copy = (char *)msg + sizeof *msg + fields_size;
    memcpy(copy, bytes.at, bytes.len);
    *msg = (struct ds_msg){.magic = DS_MSG_MAGIC,
                           .refs = 1,
                           .self = msg,
                           .bytes = {copy, bytes.len},
                           .head = moved(head->text, bytes.at, copy),
                           .body = moved(head->body, bytes.at, copy),
                           .has_empty_line = head->has_empty_line,
                           .start = moved_start(&head->start, bytes.at, copy),
                           .field_count = head->field_count};
    for (size_t i = 0; i < msg->field_count; i++) {
        msg->fields[i] = head->fields[i];
        msg->fields[i].name = moved(head->fields[i].name, bytes.at, copy);
        msg->fields[i].value = moved(head->fields[i].value, bytes.at, copy);
    }
    return msg;
}

/* ---- what everybody asks for, found once ---- */

enum essential { CALL_ID, FROM, TO, VIA, CSEQ, CONTENT_LENGTH, ESSENTIALS };

/* The first field of each name; empty where there is none. */
static void find_essentials(const struct ds_msg *msg, struct ds_slice values[ESSENTIALS])
{
    static const struct ds_slice names[ESSENTIALS] = {
        [CALL_ID] = {"Call-ID", 7}, [FROM] = {"From", 4}, [TO] = {"To", 2},
        [VIA] = {"Via", 3},         [CSEQ] = {"CSeq", 4}, [CONTENT_LENGTH] = {"Content-Length", 14},
    };

    uint32_t keys[ESSENTIALS];
    bool found[ESSENTIALS] = {false};
    for (size_t i = 0; i < ESSENTIALS; i++) {
        keys[i] = ds_name_key(names[i]);
        values[i] = (struct ds_slice){NULL, 0};
    }
    for (const struct ds_field *field = msg->fields; field < msg->fields + msg->field_count;
         field++)
        for (size_t i = 0; i < ESSENTIALS; i++)
            if (field->name_key == keys[i] && !found[i] && ds_field_is(field, names[i])) {
                found[i] = true;
                values[i] = field->value;
            }
}

static void read_cseq(struct ds_msg *msg, struct ds_slice value)
{
    uint64_t number = 0;
    size_t end = 0;
    while (end < value.len && !isspace((unsigned char)value.at[end]))
        end++;
    msg->cseq_number = (struct ds_slice){value.at, end};
    msg->cseq_method = ds_slice_trim(ds_slice_from(value, end));
    if (ds_slice_number(msg->cseq_number, UINT32_MAX, &number) == DS_OK)
        msg->cseq = (uint32_t)number;
}

static struct ds_slice read_tag(struct ds_slice value)
{
    struct ds_slice params, tag;
    ds_value_uri(value, &params);
    ds_param(params, "tag", &tag);
    return tag;
}

DS_EXPANDED static void read_essentials(struct ds_msg *msg)
{
    struct ds_slice values[ESSENTIALS], via;
    uint64_t number;
    find_essentials(msg, values);
    msg->call_id = values[CALL_ID];
    msg->from_tag = read_tag(values[FROM]);
    msg->to_tag = read_tag(values[TO]);
    if (!ds_value_cut(&values[VIA], &via)) /* an empty one: the topmost is in the next */
        ds_msg_value(msg, "Via", 0, &via);
    ds_param(via, "branch", &msg->branch);
    read_cseq(msg, values[CSEQ]);
    if (ds_slice_number(msg->start.status, 999, &number) == DS_OK)
        msg->status = (int)number;
    if (ds_slice_number(values[CONTENT_LENGTH], msg->body.len, &number) == DS_OK)
        msg->body.len = (size_t)number;
}

/* DS_BAD when the first line is not SIP, which is most often so: observers ask of each datagram.
 * Every other defect is noted, and reading goes on. */
static ds_rc read_msg(struct ds_slice bytes, struct ds_msg **out, struct ds_why *defect)
{
    struct head head;
    head.text = ds_skip_junk(bytes);
    defect->text[0] = '\0';
    if (!ds_start_line_read(head.text, &head.start))
        return DS_BAD;
    head.has_empty_line = false;
    head.field_count = 0;
    index_fields(&head, defect);
    *out = new_msg(bytes, &head);
    if (*out == NULL)
        return DS_NOMEM;
    read_essentials(*out);
    return DS_OK;
}

static ds_rc tell_unread(ds_rc rc, struct ds_why *why)
{
    return rc == DS_NOMEM ? ds_fail_memory(why) : ds_fail(why, rc, "the first line is not SIP");
}

/* ---- judging ---- */

static ds_rc judge(struct ds_msg *msg, bool drafted, struct ds_why *defect)
{
    if (ds_msg_judge(msg, drafted, defect) != DS_OK)
        return ds_fail_memory(defect);
    msg->judged = true;
    return defect->text[0] == '\0' ? DS_OK : DS_BAD;
}

static ds_rc parse(struct ds_slice bytes, bool drafted, struct ds_msg **out, struct ds_why *why)
{
    struct ds_why defect;
    struct ds_msg *msg = NULL;
    if (bytes.len > DS_MSG_MAX_BYTES)
        return ds_fail(why, DS_BAD, "the message has %zu bytes, more than %d", bytes.len,
                       DS_MSG_MAX_BYTES);
    ds_rc rc = read_msg(bytes, &msg, &defect);
    if (rc != DS_OK)
        return tell_unread(rc, why);
    rc = judge(msg, drafted, &defect);
    if (rc != DS_OK) {
        ds_msg_unref(&msg);
        return ds_fail(why, rc, "%s", defect.text);
    }
    *out = msg;
    return DS_OK;
}

ds_rc ds_msg_parse(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why)
{
    return parse(bytes, false, out, why);
}

ds_rc ds_msg_drafted(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why)
{
    return parse(bytes, true, out, why);
}

static ds_rc keep_defect(struct ds_msg *msg, const struct ds_why *defect)
{
    size_t size = strlen(defect->text) + 1;
    msg->judged = true;
    if (size == 1)
        return DS_OK;
    msg->defect = malloc(size);
    if (msg->defect == NULL) {
        msg->judged = false;
        return DS_NOMEM;
    }
    memcpy(msg->defect, defect->text, size);
    return DS_OK;
}

ds_rc ds_msg_read(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why)
{
    struct ds_why defect;
    struct ds_msg *msg = NULL;
    ds_rc rc = read_msg(bytes, &msg, &defect);
    if (rc != DS_OK)
        return tell_unread(rc, why);
    if (defect.text[0] != '\0' && keep_defect(msg, &defect) != DS_OK) {
        ds_msg_unref(&msg);
        return ds_fail_memory(why);
    }
    *out = msg;
    return DS_OK;
}

/* Judging takes longer than reading, and most messages of a long capture are only listed: it waits
 * until somebody asks. */
ds_rc ds_msg_defect(const struct ds_msg *msg, const char **defect)
{
    struct ds_why found = {""};
    DS_CHECK(msg, DS_MSG_MAGIC);
    *defect = NULL;
    if (!msg->judged &&
        (ds_msg_judge(msg, false, &found) != DS_OK || keep_defect(msg->self, &found) != DS_OK))
        return DS_NOMEM;
    *defect = msg->defect;
    return DS_OK;
}

/* Besides that judgement, the count is all that changes of a message; whoever may read it may keep
 * it. */
struct ds_msg *ds_msg_ref(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    msg->self->refs++;
    return msg->self;
}

void ds_msg_unref(struct ds_msg **msg)
{
    if (*msg == NULL)
        return;
    DS_CHECK(*msg, DS_MSG_MAGIC);
    if (--(*msg)->refs == 0) {
        free((*msg)->defect);
        (*msg)->magic = 0;
        free(*msg);
    }
    *msg = NULL;
}

struct ds_slice ds_msg_bytes(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->bytes;
}

bool ds_msg_is_request(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->start.is_request;
}

struct ds_slice ds_msg_method(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->start.is_request ? msg->start.method : msg->cseq_method;
}

bool ds_msg_method_is(const struct ds_msg *msg, const char *method)
{
    return ds_slice_equal(ds_msg_method(msg), ds_slice_of(method));
}

int ds_msg_status(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->status;
}

struct ds_slice ds_msg_reason(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->start.reason;
}

struct ds_slice ds_msg_request_uri(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->start.uri;
}

struct ds_slice ds_msg_call_id(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->call_id;
}

struct ds_slice ds_msg_from_tag(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->from_tag;
}

struct ds_slice ds_msg_to_tag(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->to_tag;
}

struct ds_slice ds_msg_branch(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->branch;
}

uint32_t ds_msg_cseq(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->cseq;
}

bool ds_msg_max_forwards(const struct ds_msg *msg, uint64_t *out)
{
    struct ds_slice value;
    return ds_msg_header(msg, "Max-Forwards", 0, &value) &&
           ds_slice_number(value, 255, out) == DS_OK;
}

struct ds_slice ds_msg_body(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->body;
}
