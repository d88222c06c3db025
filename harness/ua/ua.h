#ifndef DS_UA_H
#define DS_UA_H

/*
 * User agent and proxy, without policy: INVITE sessions (dialogs, offers, reliable provisionals,
 * 2xx resent) and single requests; proxy.h forwards. Roles decide; this does. One ds_ua per
 * element. Each session has one owner: freeing one sends nothing, ds_session_hang_up() ends it.
 */

#include "sdp.h"
#include "siptx.h"

struct ds_ua;
struct ds_session;

/* Turns the host of a Route, Contact or Request-URI into the next hop; false where it names nobody.
   Transport and port come from the uri where it has them (RFC 3263 without the DNS). */
typedef bool ds_resolve_fn(void *owner, const struct ds_uri *uri, struct ds_hop *out);

struct ds_ua_options {
    struct ds_net *net;
    struct ds_rng *rng;
    struct ds_log *log;
    const char *name; /* in the log */
    struct ds_addr at;
    const char *fqdn; /* in Contact and Via where the peer is TLS; NULL: the address */
    const char *user_agent;
    struct ds_tls_identity *tls;
    struct ds_msg_judged *judged; /* borrowed, or NULL */
    ds_resolve_fn *resolve;
    void *resolve_owner;
    bool accept_any_name, rings_for_ever, keeps_forks; /* defects */
};

struct ds_ua_events {
    /* A new INVITE. Own it with ds_session_own(), or it is refused with 480. A proxy leaves this
       NULL: then every request, inside dialogs too, comes to `request`. */
    void (*invite)(void *owner, struct ds_session *session, const struct ds_msg *msg);
    /* Any other request outside a session (REGISTER, OPTIONS …), all requests of a proxy, and what
       a session leaves to its role (REFER, NOTIFY, MESSAGE …). Return false to have it answered
       with 405 (or, for OPTIONS, 200). `txn` NULL: an ACK to a 2xx that belongs to no session. */
    bool (*request)(void *owner,
                    struct ds_server_txn *txn,
                    const struct ds_msg *msg,
                    const struct ds_hop *from);
};

DS_MUST_USE ds_rc ds_ua_new(const struct ds_ua_options *options,
                            const struct ds_ua_events *events,
                            void *owner,
                            struct ds_ua **out,
                            struct ds_why *why);
/* Every session must have been freed by its owner. Sends nothing. */
void ds_ua_free(struct ds_ua **ua);
struct ds_sip *ds_ua_sip(const struct ds_ua *ua);
size_t ds_ua_leftovers(const struct ds_ua *ua, struct ds_buf *out); /* as ds_sip_leftovers() */

/* A dialog whose call is up, as this element believes. Borrowed until the next turn. */
struct ds_dialog_seen {
    struct ds_slice call_id, local_tag, remote_tag, remote_target; /* a uri */
};

typedef void ds_dialog_seen_fn(void *owner, const struct ds_dialog_seen *dialog);
void ds_ua_dialogs(const struct ds_ua *ua, ds_dialog_seen_fn *each, void *owner);

/* ---- sessions: one INVITE dialog seen from one end ---- */

enum ds_session_state {
    DS_SESSION_CALLING,
    DS_SESSION_EARLY,
    DS_SESSION_UP,
    DS_SESSION_ENDING,
    DS_SESSION_ENDED
};

/* Any may be NULL, and may free the session. `refused`, `cancelled` and `ended` are last events:
   one of them comes, once, whoever ended the call. None comes from inside a call. */
struct ds_session_events {
    void (*progress)(void *owner, const struct ds_msg *msg); /* outgoing: 101-199, maybe with SDP */
    void (*answered)(void *owner, const struct ds_msg *msg); /* 2xx; ACK is sent already */
    /* Outgoing: 300-699, or a status of our own with msg NULL (408 time-out, 503 not sent). */
    void (*refused)(void *owner, int status, const struct ds_msg *msg);
    void (*cancelled)(void *owner, const struct ds_msg *cancel); /* incoming; 487 is sent already */
    /* The ACK to our 2xx came; to that of a re-INVITE, where it carries an answer. */
    void (*confirmed)(void *owner, const struct ds_msg *ack);
    /* A re-INVITE or UPDATE (no SDP: the offer is asked of us): see ds_session_answer_offer(). */
    void (*offer)(void *owner, const struct ds_msg *msg);
    void (*offer_done)(void *owner, int status, const struct ds_msg *msg); /* of ours */
    /* Our re-INVITE made no offer, and this 2xx does: the answer, which goes with the ACK. */
    struct ds_slice (*late_answer)(void *owner, const struct ds_msg *msg);
    /* Any other request inside the call (INFO, REFER, NOTIFY …): see ds_session_reply(). NULL: INFO
       gets its 200, and the rest is the role's. */
    void (*asked)(void *owner, const struct ds_msg *msg);
    /* By the peer, whose BYE is answered; `bye` NULL: by us, or lost. */
    void (*ended)(void *owner, const struct ds_msg *bye);
};

#define DS_MAX_FORWARDS 70 /* RFC 3261 8.1.1.6 */

struct ds_invite {
    const char *to_uri, *from_uri; /* "sip:+1555@contoso.example;user=phone" */
    const char *from_params;       /* ";epid=…" after the From uri, or NULL */
    const char *contact;           /* whole value, or NULL: made from the ua */
    const char *route;             /* Route value for a preloaded route, or NULL */
    const struct ds_hop *hop;
    const char *content_type;  /* NULL: application/sdp */
    struct ds_slice body;      /* empty: an offerless INVITE */
    const char *extra_headers; /* "Name: value\r\n" lines, or NULL */
    const char *call_id;       /* NULL: a new one. A defect may repeat another's */
    bool supports_100rel;
    uint32_t session_expires_s; /* asks for a session timer (RFC 4028); 0: none */
    int hops_behind; /* comes off Max-Forwards: the call had them before it came to us (RFC 7332) */
};

DS_MUST_USE ds_rc ds_session_invite(struct ds_ua *ua,
                                    const struct ds_invite *invite,
                                    const struct ds_session_events *events,
                                    void *owner,
                                    struct ds_session **out,
                                    struct ds_why *why);
void ds_session_own(struct ds_session *session,
                    const struct ds_session_events *events,
                    void *owner);
/* Forgets the session in any state. A 2xx to it that still comes is acknowledged, then ended. */
void ds_session_free(struct ds_session **session);

/* What goes with a response or request inside a session; each may be NULL. */
struct ds_content {
    const char *content_type; /* NULL: application/sdp where there is a body */
    struct ds_slice body;
    const char *extra_headers;
    const char *contact;  /* whole value */
    const char *fork_tag; /* the To tag of one of several dialogs that the INVITE has made behind
                             us; NULL: the session's own. An answer's is the session's own then */
    bool reliable;        /* provisional: 100rel where the peer supports it (RFC 3262); never of a
                             fork, as each counts for itself */
    uint32_t session_expires_s; /* answer: asks for a session timer where the peer does not */
};

#define DS_FORK_TAG_SIZE 17

void ds_session_progress(struct ds_session *session, int status, const struct ds_content *content);
void ds_session_answer(struct ds_session *session, const struct ds_content *content);
void ds_session_refuse(struct ds_session *session, int status, const struct ds_content *content);
/* A re-INVITE, as soon as one may leave; without a body the peer makes the offer. While another
 * offer is open, `offer_done` says 491. */
void ds_session_offer(struct ds_session *session, const struct ds_content *content);
/* How long to wait after a 491 before offering again (RFC 3261 14.1); drawn anew each time. */
ds_us ds_session_glare_us(const struct ds_session *session);
void ds_session_answer_offer(struct ds_session *session,
                             int status,
                             const struct ds_content *content);
/* Sends a request inside the call that is none of its own business (INFO, REFER, NOTIFY …). `done`
   gets status 408 with msg NULL on a time-out, 503 where it could not be sent; nothing comes once
   the session is freed. */
typedef void ds_session_done_fn(void *owner, int status, const struct ds_msg *msg);
DS_MUST_USE ds_rc ds_session_ask(struct ds_session *session,
                                 const char *method,
                                 const struct ds_content *content,
                                 ds_session_done_fn *done,
                                 void *owner);
/* Answers the request that `asked` told of, then or later; a second one that comes meanwhile gets
   491. */
void ds_session_reply(struct ds_session *session, int status, const struct ds_content *content);
/* CANCEL, BYE or 480, as the state calls for; `reason` is a whole Reason value, or NULL. */
void ds_session_hang_up(struct ds_session *session, const char *reason);
enum ds_session_state ds_session_state(const struct ds_session *session);
const struct ds_msg *ds_session_invite_msg(const struct ds_session *session);
bool ds_session_is_outgoing(const struct ds_session *session);
bool ds_session_peer_lists(const struct ds_session *session, const char *option_tag);
const struct ds_hop *ds_session_hop(const struct ds_session *session);

/* It carries no call, and lasts as long as its ends do: nobody takes it for a leftover of one. */
void ds_session_stay(struct ds_session *session);

struct ds_session_flaws { /* for defects */
    bool no_ack, keeps_unacknowledged, never_refreshes, keeps_expired;
    bool keeps_crossed, deaf; /* no BYE when an answer crosses a CANCEL; a 2xx hears no ACK */
};

void ds_session_set_flaws(struct ds_session *session, struct ds_session_flaws flaws);

/* Answers a transaction that is not a session's. `headers`: whole lines to add, or NULL. */
void ds_ua_reply(struct ds_ua *ua, struct ds_server_txn *txn, int status, const char *headers);
/* Sends a request outside any session (REGISTER, OPTIONS). `done` gets status 408 with msg NULL on
 * a time-out, 503 where it could not be sent. All REGISTERs of an element share one Call-ID. */
typedef void ds_request_done_fn(void *owner, int status, const struct ds_msg *msg);

struct ds_plain_request {
    const char *method, *uri, *from_uri, *to_uri, *extra_headers;
    const struct ds_hop *hop;
};

DS_MUST_USE ds_rc ds_ua_request(struct ds_ua *ua,
                                const struct ds_plain_request *request,
                                ds_request_done_fn *done,
                                void *owner,
                                struct ds_why *why);

#endif
