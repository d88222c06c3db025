#ifndef DS_SIPMSG_INTERNAL_H
#define DS_SIPMSG_INTERNAL_H

#include "sipmsg.h"

#define DS_MSG_MAGIC 0x51b35601u

/* A line that is a header field. It begins with its name. */
struct ds_field {
    struct ds_slice name, value;
};

struct ds_start_line {
    bool is_request;
    struct ds_slice subject; /* the method, or the status */
    struct ds_slice object;  /* the Request-URI, or the reason */
    struct ds_slice version;
};

/* Where a text stands among the bytes of its message: a quarter of a slice, and the same in every
 * copy of them. A long capture keeps many messages, most of whose memory this would be. */
struct ds_span {
    uint16_t at, len;
};

_Static_assert(DS_MSG_MAX_BYTES <= UINT16_MAX, "a span tells any place in a message");

struct ds_indexed_field {
    uint32_t name_key; /* the same for names that are the same, whatever their case or form */
    struct ds_span name, value;
    uint16_t line_len; /* with its folded lines and its line end */
};

/* The fields and a copy of the bytes lie behind it, in the same block. What is asked of every
 * message of a capture comes first, so that it takes one line of the cache. */
struct ds_msg {
    uint32_t magic;
    uint32_t refs;
    uint32_t cseq;
    uint16_t status;
    uint16_t field_count;
    bool is_request;
    bool has_empty_line;
    bool judged;                     /* else `defect` is not known yet */
    struct ds_msg_judged *judged_by; /* borrowed, or NULL */
    struct ds_span call_id, to_tag, branch, cseq_number, cseq_method;
    struct ds_span subject, object, version; /* of the first line */
    struct ds_span from;                     /* the field's value */
    struct ds_span head;                     /* the first line to the empty line, both included */
    struct ds_span body;
    struct ds_slice bytes; /* as received */
    struct ds_msg *self;   /* lets one who sees the message as const keep it */
    char *defect;          /* owned; NULL when a strict reader takes the message */
    struct ds_indexed_field fields[];
};

static inline struct ds_slice ds_msg_text(const struct ds_msg *msg, struct ds_span span)
{
    return (struct ds_slice){msg->bytes.at + span.at, span.len};
}

/* Keeps the first sentence and ignores the later ones. */
DS_PRINTF(2, 3) void ds_note(struct ds_why *first, const char *fmt, ...);

/* start_line.c */
bool ds_is_token_char(char c);
bool ds_is_token(struct ds_slice text); /* RFC 3261 25.1; the empty text is none */
struct ds_slice ds_skip_line_ends(struct ds_slice bytes);
struct ds_slice ds_skip_junk(struct ds_slice bytes); /* and line ends */
/* The first line without its line end; false when it is no first line of SIP. Reads on where it
 * can. */
bool ds_start_line_read(struct ds_slice bytes, struct ds_start_line *out);
void ds_start_line_judge(const struct ds_msg *msg, struct ds_why *defect);

/* field.c */
bool ds_line_cut(struct ds_slice *rest, struct ds_slice *line); /* with its folded lines */
bool ds_line_is_empty(struct ds_slice line);
bool ds_field_read(struct ds_slice line, struct ds_field *out);
struct ds_slice ds_long_name(struct ds_slice name); /* of a compact form; others stay */

/* Its length, and its first, middle and last letter: few names differ and have these in common. */
static inline uint32_t ds_name_key(struct ds_slice name)
{
    const unsigned char lower_case = 0x20;
    const unsigned char *at = (const unsigned char *)name.at;
    if (name.len == 0)
        return 0;
    return (uint32_t)(name.len & 0xff) << 24 | (uint32_t)(at[0] | lower_case) << 16 |
           (uint32_t)(at[name.len / 2] | lower_case) << 8 |
           (uint32_t)(at[name.len - 1] | lower_case);
}

bool ds_field_is(const struct ds_field *field, struct ds_slice name);
/* The first field of that name at or after `from`, or field_count. */
size_t ds_field_find(const struct ds_msg *msg, struct ds_slice name, size_t from);
bool ds_field_is_named(const struct ds_msg *msg, size_t at, struct ds_slice name);
struct ds_slice ds_field_value(const struct ds_msg *msg, size_t at);
struct ds_slice ds_field_line(const struct ds_msg *msg, size_t at);

/* index.c */
/* DS_BAD when the first line is not SIP. Every other defect is noted, and reading goes on. */
DS_MUST_USE ds_rc ds_msg_index(struct ds_slice bytes, struct ds_msg **out, struct ds_why *defect);

/* value.c */
/* The place of the first `stop` outside quotes and angle brackets, or the length. */
size_t ds_value_find(struct ds_slice text, char stop);
bool ds_value_is_balanced(struct ds_slice value); /* is the quote before its address closed? */
/* Cuts what comes before the next `stop`, empty or not. `rest->at` becomes NULL behind the last. */
void ds_value_next(struct ds_slice *rest, char stop, struct ds_slice *value);
bool ds_value_cut(struct ds_slice *rest, struct ds_slice *value);
struct ds_slice ds_value_tag(struct ds_slice value); /* of a From or To; empty: it has none */

/* body.c */
/* DS_BAD when the field is no number, or another one says something else; `*found` is false when
 * there is none. */
DS_MUST_USE ds_rc ds_content_length(struct ds_slice fields, bool *found, uint64_t *length);

/* wire.c */
void ds_wire_judge(const struct ds_msg *msg, struct ds_why *defect);
void ds_wire_judge_nul(struct ds_slice head, struct ds_why *defect);

/* strict.c */
/* Notes what a strict reader refuses. DS_NOMEM is the only failure. What was drafted here is not
 * given to libosip2: whoever receives it, and whoever reads the capture, does that. */
DS_MUST_USE ds_rc ds_msg_judge(const struct ds_msg *msg, bool drafted, struct ds_why *defect);
/* These exact bytes were judged before, and had no defect (judged.c); and: they have none. */
bool ds_msg_was_judged(struct ds_msg_judged *judged, struct ds_slice bytes);
void ds_msg_judged_fine(struct ds_msg_judged *judged, struct ds_slice bytes);
/* As ds_msg_parse(), for text that was drafted here. */
DS_MUST_USE ds_rc ds_msg_drafted(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why);

/* edit.c and draft.c: text that cannot start a line of its own. */
void ds_buf_add_inline(struct ds_buf *buf, struct ds_slice text);

#endif
