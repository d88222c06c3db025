#ifndef DS_SIPMSG_H
#define DS_SIPMSG_H

/*
 * One SIP message: the bytes as received, an index over them, and libosip2's reading of them.
 * Immutable and counted by reference. Header values come from the received bytes (folding kept,
 * names compared without case and with their compact forms), because libosip2 reorders and recases.
 * Outgoing messages are written as text by ds_draft, then parsed like any other, so that what we
 * send has passed our own door.
 */

#include "base.h"

#define DS_MSG_MAX_BYTES   65535
#define DS_MSG_MAX_HEADERS 256

struct ds_msg;

/* Copies the bytes. DS_BAD says in `why` what is wrong and where (header name or line). */
DS_MUST_USE ds_rc ds_msg_parse(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why);
/* For observers: keeps whatever can be read. Fails only when the first line is not SIP or memory is
   out. What a strict reader refuses is told by ds_msg_defect(). */
DS_MUST_USE ds_rc ds_msg_read(struct ds_slice bytes, struct ds_msg **out, struct ds_why *why);
/* `*defect` is a sentence, or NULL. The message is judged when this is asked first, and once.
   DS_NOMEM: it is not judged yet, which is no defect of it. */
DS_MUST_USE ds_rc ds_msg_defect(const struct ds_msg *msg, const char **defect);

/* Texts that were judged and had no defect: the same bytes, which a receiver and an observer read
   one after the other, and run after run, need not be judged again. Outlives those who use it. */
struct ds_msg_judged;
DS_MUST_USE ds_rc ds_msg_judged_new(struct ds_msg_judged **out);
void ds_msg_judged_free(struct ds_msg_judged **judged);
/* As ds_msg_parse() and ds_msg_read(); NULL: each text is judged. */
DS_MUST_USE ds_rc ds_msg_parse_by(struct ds_msg_judged *judged,
                                  struct ds_slice bytes,
                                  struct ds_msg **out,
                                  struct ds_why *why);
DS_MUST_USE ds_rc ds_msg_read_by(struct ds_msg_judged *judged,
                                 struct ds_slice bytes,
                                 struct ds_msg **out,
                                 struct ds_why *why);

struct ds_msg *ds_msg_ref(const struct ds_msg *msg);
void ds_msg_unref(struct ds_msg **msg);

/* Does this look like the first line of a SIP message, behind blank lines or a few bytes that are
   no text? Used to find SIP on any port. */
bool ds_msg_looks_like_sip(struct ds_slice bytes);
/* How many bytes the first message of a stream takes: 0 when more bytes are needed, DS_BAD when
   this is no SIP or exceeds the bounds. Leading CRLF (keep-alives, RFC 5626) are counted in `*skip`
   and not in `*len`. */
DS_MUST_USE ds_rc ds_msg_frame(struct ds_slice stream,
                               size_t *skip,
                               size_t *len,
                               struct ds_why *why);

/* For observers: where, at or after `from`, a line begins a message and a header field follows it;
   or the length. What comes before belongs to no message that can be told. */
size_t ds_msg_find(struct ds_slice stream, size_t from);

struct ds_slice ds_msg_bytes(const struct ds_msg *msg); /* as received */
bool ds_msg_is_request(const struct ds_msg *msg);
struct ds_slice
ds_msg_method(const struct ds_msg *msg); /* of the request, or of a response's CSeq */
bool ds_msg_method_is(const struct ds_msg *msg, const char *method);
int ds_msg_status(const struct ds_msg *msg); /* 0 for a request */
struct ds_slice ds_msg_reason(const struct ds_msg *msg);
struct ds_slice ds_msg_request_uri(const struct ds_msg *msg);
struct ds_slice ds_msg_call_id(const struct ds_msg *msg);
struct ds_slice ds_msg_from_tag(const struct ds_msg *msg);
struct ds_slice ds_msg_to_tag(const struct ds_msg *msg);
struct ds_slice ds_msg_branch(const struct ds_msg *msg); /* of the topmost Via */
uint32_t ds_msg_cseq(const struct ds_msg *msg);
/* False where the request has none, or none that is a number up to 255 (RFC 3261 20.22). */
bool ds_msg_max_forwards(const struct ds_msg *msg, uint64_t *out);
struct ds_slice ds_msg_body(const struct ds_msg *msg);

/* The n-th header field of that name (0 first), trimmed; empty and false when there is none. */
bool ds_msg_header(const struct ds_msg *msg, const char *name, size_t nth, struct ds_slice *value);
/* The n-th value of a comma-separated header, counted over all its fields: Via, Route,
 * Record-Route, Contact … */
bool ds_msg_value(const struct ds_msg *msg, const char *name, size_t nth, struct ds_slice *value);
/* Is `token` among the values, without case? Supported, Require, Allow … */
bool ds_msg_lists(const struct ds_msg *msg, const char *name, const char *token);
size_t ds_msg_header_count(const struct ds_msg *msg);
void ds_msg_header_at(const struct ds_msg *msg,
                      size_t index,
                      struct ds_slice *name,
                      struct ds_slice *value);

/* One part of the body: the whole body where it is not multipart, and the innermost ones where a
 * part is multipart itself. Content-ID without its angle brackets. */
struct ds_part {
    struct ds_slice content_type, content_id, content_disposition, body;
};

#define DS_MSG_MAX_PARTS 8
/* Returns how many parts were written. */
size_t ds_msg_parts(const struct ds_msg *msg, struct ds_part out[DS_MSG_MAX_PARTS]);
/* The first one of that type ("application/pidf+xml"), whatever its parameters. */
bool ds_msg_part(const struct ds_msg *msg, const char *type, struct ds_part *out);

/* Is its Content-Type that, whatever its parameters? */
bool ds_msg_has_type(const struct ds_msg *msg, const char *type);

/* ---- values: <sip:+1555;phone-context=x@host:5060;transport=tcp>;tag=1 ---- */

struct ds_uri {
    struct ds_slice scheme, user, host,
        params; /* user without its ;phone-context…, params after the host */
    struct ds_slice user_params;
    struct ds_slice headers; /* what follows the '?': Replaces=… in a Refer-To */
    uint16_t port;           /* 0 when absent */
};

DS_MUST_USE ds_rc ds_uri_parse(struct ds_slice text, struct ds_uri *out);
/* The uri of a name-addr or addr-spec, and what follows it (";tag=…"). */
struct ds_slice ds_value_uri(struct ds_slice value, struct ds_slice *params);
/* A parameter of ";a;b=c": true when present, `*value` empty for a flag. Quotes are taken off. */
bool ds_param(struct ds_slice params, const char *name, struct ds_slice *value);

/* What a PRACK acknowledges (RFC 3262 7.2), and what a reliable response is known by (7.1). False:
 * the message does not tell. */
struct ds_rack {
    uint32_t rseq, cseq;
    struct ds_slice method;
};

bool ds_msg_rack(const struct ds_msg *msg, struct ds_rack *out);
bool ds_msg_rseq(const struct ds_msg *msg, uint32_t *rseq);
/* The cause of Q.850 that a Reason tells (RFC 3326); 0: none does. */
int ds_msg_q850_cause(const struct ds_msg *msg);
/* The id that its first ms-diagnostics tells; 0: none does. */
uint32_t ds_msg_diagnostics_id(const struct ds_msg *msg);
/* Does its Contact say that its sender is the focus of a conference (RFC 4579 4)? */
bool ds_msg_is_from_focus(const struct ds_msg *msg);

/* ---- writing ---- */

struct ds_draft {
    struct ds_buf text; /* first line and header fields, in the order written */
};

void ds_draft_request(struct ds_draft *draft, const char *method, struct ds_slice uri);
/* Copies Via, From, To (adding `to_tag` where it lacks one and it is not NULL), Call-ID and CSeq
 * (RFC 3261 8.2.6.2). */
void ds_draft_response(struct ds_draft *draft,
                       const struct ds_msg *request,
                       int status,
                       const char *to_tag);
const char *ds_status_reason(int status); /* "Busy Here" */
DS_PRINTF(3, 4)
void ds_draft_header(struct ds_draft *draft, const char *name, const char *fmt, ...);
void ds_draft_copy(struct ds_draft *draft,
                   const struct ds_msg *from,
                   const char *name); /* every field of that name */
/* Adds Content-Type (where `content_type` is not NULL), Content-Length and the body, then parses.
   The draft is used up, also on failure. */
DS_MUST_USE ds_rc ds_draft_finish(struct ds_draft *draft,
                                  const char *content_type,
                                  struct ds_slice body,
                                  struct ds_msg **out,
                                  struct ds_why *why);
void ds_draft_clean_up(struct ds_draft *draft);
/* The same message with a value put on top of the others of its name, or with the topmost Via or
 * Route taken off: what a proxy does to a message. Popping what is not there is DS_BAD. */
DS_MUST_USE ds_rc ds_msg_push(const struct ds_msg *msg,
                              const char *name,
                              const char *value,
                              struct ds_msg **out);
DS_MUST_USE ds_rc ds_msg_pop(const struct ds_msg *msg, const char *name, struct ds_msg **out);
/* The same message with `text` for `part`, a value of one of its fields: every other byte stays. */
DS_MUST_USE ds_rc ds_msg_rewrite(const struct ds_msg *msg,
                                 struct ds_slice part,
                                 struct ds_slice text,
                                 struct ds_msg **out);
/* The same message with another Request-URI, or with one header field set (replaced, or added; NULL
 * value: removed). */
DS_MUST_USE ds_rc ds_msg_retarget(const struct ds_msg *msg,
                                  struct ds_slice uri,
                                  struct ds_msg **out);
DS_MUST_USE ds_rc ds_msg_set(const struct ds_msg *msg,
                             const char *name,
                             const char *value,
                             struct ds_msg **out);

#endif
