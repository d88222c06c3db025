#include "sipmsg_internal.h"

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

static ds_rc tell_unread(ds_rc rc, struct ds_why *why)
{
    return rc == DS_NOMEM ? ds_fail_memory(why) : ds_fail(why, rc, "the first line is not SIP");
}

/* ---- judging ---- */

/* What is drafted is judged less, and so not remembered. */
static ds_rc judge(const struct ds_msg *msg, bool drafted, struct ds_why *defect)
{
    if (!drafted && defect->text[0] == '\0' && ds_msg_was_judged(msg->judged_by, msg->bytes))
        return DS_OK;
    ds_rc rc = ds_msg_judge(msg, drafted, defect);
    if (rc == DS_OK && !drafted && defect->text[0] == '\0')
        ds_msg_judged_fine(msg->judged_by, msg->bytes);
    return rc;
}

static ds_rc judge_at_once(struct ds_msg *msg, bool drafted, struct ds_why *defect)
{
    if (judge(msg, drafted, defect) != DS_OK)
        return ds_fail_memory(defect);
    msg->judged = true;
    return defect->text[0] == '\0' ? DS_OK : DS_BAD;
}

static ds_rc parse(struct ds_msg_judged *judged,
                   struct ds_slice bytes,
                   bool drafted,
                   struct ds_msg **out,
                   struct ds_why *why)
{
    struct ds_why defect;
    struct ds_msg *msg = NULL;
    if (bytes.len > DS_MSG_MAX_BYTES)
        return ds_fail(why, DS_BAD, "the message has %zu bytes, more than %d", bytes.len,
                       DS_MSG_MAX_BYTES);
    ds_rc rc = ds_msg_index(bytes, &msg, &defect);
    if (rc != DS_OK)
        return tell_unread(rc, why);
    msg->judged_by = judged;
    rc = judge_at_once(msg, drafted, &defect);
    if (rc != DS_OK) {
        ds_msg_unref(&msg);
        return ds_fail(why, rc, "%s", defect.text);
    }
    *out = msg;
    return DS_OK;
}

ds_rc ds_msg_parse_by(struct ds_msg_judged *judged,
                      struct ds_slice bytes,
                      struct ds_msg **out,
                      struct ds_why *why)
{
    return parse(judged, bytes, false, out, why);
}

ds_rc ds_msg_parse(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why)
{
    return parse(NULL, bytes, false, out, why);
}

ds_rc ds_msg_drafted(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why)
{
    return parse(NULL, bytes, true, out, why);
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

ds_rc ds_msg_read_by(struct ds_msg_judged *judged,
                     struct ds_slice bytes,
                     struct ds_msg **out,
                     struct ds_why *why)
{
    struct ds_why defect;
    struct ds_msg *msg = NULL;
    ds_rc rc = ds_msg_index(bytes, &msg, &defect);
    if (rc != DS_OK)
        return tell_unread(rc, why);
    if (defect.text[0] != '\0' && keep_defect(msg, &defect) != DS_OK) {
        ds_msg_unref(&msg);
        return ds_fail_memory(why);
    }
    msg->judged_by = judged;
    *out = msg;
    return DS_OK;
}

ds_rc ds_msg_read(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why)
{
    return ds_msg_read_by(NULL, bytes, out, why);
}

/* Judging takes longer than reading, and most messages of a long capture are only listed: it waits
 * until somebody asks. */
ds_rc ds_msg_defect(const struct ds_msg *msg, const char **defect)
{
    struct ds_why found = {""};
    DS_CHECK(msg, DS_MSG_MAGIC);
    *defect = NULL;
    if (!msg->judged &&
        (judge(msg, false, &found) != DS_OK || keep_defect(msg->self, &found) != DS_OK))
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
    return msg->is_request;
}

struct ds_slice ds_msg_method(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return ds_msg_text(msg, msg->is_request ? msg->subject : msg->cseq_method);
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
    return msg->is_request ? (struct ds_slice){NULL, 0} : ds_msg_text(msg, msg->object);
}

struct ds_slice ds_msg_request_uri(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->is_request ? ds_msg_text(msg, msg->object) : (struct ds_slice){NULL, 0};
}

struct ds_slice ds_msg_call_id(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return ds_msg_text(msg, msg->call_id);
}

struct ds_slice ds_msg_from_tag(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return ds_value_tag(ds_msg_text(msg, msg->from));
}

struct ds_slice ds_msg_to_tag(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return ds_msg_text(msg, msg->to_tag);
}

struct ds_slice ds_msg_branch(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return ds_msg_text(msg, msg->branch);
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
    return ds_msg_text(msg, msg->body);
}
