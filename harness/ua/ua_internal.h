#ifndef DS_UA_INTERNAL_H
#define DS_UA_INTERNAL_H

#include "proxy.h"
#include "refer.h"

#define DS_UA_MAGIC      0x0a6e4701u
#define DS_SESSION_MAGIC 0x5e551001u

#define DS_GIVE_UP       (64 * DS_T1) /* Timers B, F, H, and the wait for an ACK or a PRACK */
#define DS_TIMER_C       (181 * DS_S) /* more than three minutes: RFC 3261 16.6 */
#define DS_ALLOW         "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, OPTIONS, INFO, REFER, NOTIFY"
#define DS_MAX_ROUTES    32
#define DS_SESSION_SLOTS 256
#define DS_TAG_SIZE      DS_FORK_TAG_SIZE
#define DS_VIA_SIZE      320

struct ds_ua {
    uint32_t magic;
    struct ds_ua_options options; /* what it points to is borrowed: outlives us */
    struct ds_ua_events events;
    void *owner;
    struct ds_addr_text at_text;
    struct ds_sip *sip; /* owned */
    struct ds_clock *clock;
    struct ds_list sessions[DS_SESSION_SLOTS]; /* by Call-ID; each owned by its owner */
    struct ds_list forgotten;      /* owned: sessions their owners freed, until their INVITEs end */
    struct ds_list forks;          /* owned */
    struct ds_list plain_requests; /* owned */
    struct ds_list subscriptions;  /* each owned by its owner */
    uint64_t tag_salt;
    char register_call_id[25]; /* registrations share one Call-ID (RFC 3261 10.2) */
    uint32_t register_cseq;
};

DS_PRINTF(2, 3) void ds_ua_note(const struct ds_ua *ua, const char *fmt, ...);
const char *ds_ua_host(const struct ds_ua *ua);
/* Adds "Contact: <sip:user@host:port;transport=…>", the user being that of `local`. */
void ds_ua_write_contact(struct ds_ua *ua,
                         const struct ds_hop *hop,
                         struct ds_slice local,
                         struct ds_draft *draft);
/* User-Agent, and the lines somebody else wants added. */
void ds_ua_write_signature(const struct ds_ua *ua,
                           const char *extra_headers,
                           struct ds_draft *draft);
bool ds_ua_resolve(const struct ds_ua *ua, struct ds_slice uri, struct ds_hop *out);
/* Short of memory it says so, and what should have happened in time does not. */
void ds_ua_start_timer(struct ds_ua *ua, struct ds_timer *timer, ds_us delay, ds_timer_fn *fire);

/* ---- dialog.c: one end's view of a dialog (RFC 3261 12) ---- */

struct ds_dialog {
    struct ds_buf call_id;
    struct ds_buf local, remote; /* From and To of our requests, tags included */
    struct ds_buf remote_tag;
    struct ds_buf routes; /* Route of our requests, in the order they are visited */
    struct ds_buf target; /* Request-URI of our requests */
    char local_tag[DS_TAG_SIZE];
    struct ds_hop hop; /* it was made over; serves where the target names nobody */
    uint32_t local_cseq, remote_cseq;
};

DS_MUST_USE ds_rc ds_dialog_call(struct ds_dialog *dialog,
                                 struct ds_ua *ua,
                                 const struct ds_invite *invite);
/* DS_BAD where the INVITE has no usable Contact. */
DS_MUST_USE ds_rc ds_dialog_answer(struct ds_dialog *dialog,
                                   struct ds_ua *ua,
                                   const struct ds_msg *invite,
                                   const struct ds_hop *from);
/* It was answered under this tag, which may be another than it had before. */
void ds_dialog_take_tag(struct ds_dialog *dialog, struct ds_slice tag);
/* What a response with a To tag tells: tag, route set and target. */
DS_MUST_USE ds_rc ds_dialog_learn(struct ds_dialog *dialog, const struct ds_msg *response);
DS_MUST_USE ds_rc ds_dialog_retarget(struct ds_dialog *dialog, const struct ds_msg *msg);
/* The dialog of another branch of the same INVITE. */
DS_MUST_USE ds_rc ds_dialog_fork(const struct ds_dialog *dialog,
                                 const struct ds_msg *response,
                                 struct ds_dialog *out);
/* To the first route, else to the target, else over the hop the dialog was made over. */
void ds_dialog_next_hop(const struct ds_dialog *dialog, const struct ds_ua *ua, struct ds_hop *out);
/* Begins a request inside the dialog, to be sent to `hop`. */
void ds_dialog_request(const struct ds_dialog *dialog,
                       struct ds_ua *ua,
                       const char *method,
                       uint32_t cseq,
                       const struct ds_hop *hop,
                       struct ds_draft *out);
void ds_dialog_clean_up(struct ds_dialog *dialog);

/* ---- the parts of a session ---- */

/* accept.c: a 2xx of ours, resent until its ACK comes (RFC 3261 13.3.1.4). */
struct ds_accept {
    struct ds_session *session;
    struct ds_server_txn *txn; /* owned handle; NULL once it has ended */
    struct ds_msg *ok;         /* owned; NULL: none waits for an ACK */
    struct ds_timer timer;
    ds_us interval, give_up_at;
};

/* An ACK of ours, sent again for each repeated 2xx. */
struct ds_ack {
    struct ds_msg *msg; /* owned; NULL: none yet */
    struct ds_hop hop;
};

#define DS_PROVISIONALS 8

/* provisional.c: our reliable provisionals, one on the wire at a time (RFC 3262 3). */
struct ds_reliable {
    struct ds_msg *queue[DS_PROVISIONALS]; /* owned; the first is on the wire */
    size_t count;
    uint32_t last_rseq;
    struct ds_timer timer;
    ds_us interval, give_up_at;
    struct ds_msg *held_answer; /* owned; a 2xx that waits for the PRACK */
};

/* The newest reliable provisional seen of each branch of our INVITE. */
struct ds_early {
    uint64_t tag_hash;
    uint32_t rseq;
};

/* modify.c, reinvite.c: offers inside the call; at most one is open. */
struct ds_modify {
    struct ds_client_txn *client;  /* owned handle: our re-INVITE */
    struct ds_server_txn *server;  /* owned handle: the peer's re-INVITE or UPDATE, unanswered */
    struct ds_server_txn *refused; /* owned handle: the peer's re-INVITE, until its ACK */
    bool offered;                  /* ours has no final response yet */
    bool asks;                     /* ours has no offer: the answer goes with the ACK */
    bool is_refresh;               /* ours says nothing new: the session timer hears of it */
    struct ds_msg *waiting;        /* owned: our re-INVITE, which may not leave yet */
    struct ds_hop waiting_hop;
    struct ds_ack ack;
    struct ds_accept accept;
};

/* session_timer.c: how long the session lasts without being refreshed (RFC 4028). */
struct ds_session_timer {
    uint32_t asked_s;   /* what we ask for; 0: nothing */
    uint32_t min_s;     /* the largest Min-SE heard, not below the RFC's own */
    uint32_t expires_s; /* agreed on; 0: the session has no timer */
    bool refreshes;     /* that is our part; else the peer's */
    ds_us expires_at;
    struct ds_timer timer;        /* the next refresh, or the end */
    struct ds_client_txn *update; /* owned handle: our refresh by UPDATE */
};

/* ask.c: requests inside the call that are neither offers nor its end. */
struct ds_asking {
    struct ds_list ours;         /* owned; those that wait for their answer */
    struct ds_server_txn *asked; /* owned handle: the peer's, unanswered */
};

struct ds_session {
    uint32_t magic;
    struct ds_list node;
    struct ds_ua *ua; /* borrowed: outlives us */
    struct ds_session_events events;
    void *owner; /* borrowed */
    enum ds_session_state state;
    bool outgoing, owned;
    bool stays;            /* it carries no call */
    bool freed;            /* by its owner, while a call of ours is still at work on it */
    unsigned held;         /* calls at work on it */
    bool bye_waits;        /* for the ACK to our 2xx (RFC 3261 15) */
    bool end_is_told;      /* by the timer `later` */
    int offer_status_told; /* likewise; 0: none */
    struct ds_session_flaws flaws;
    struct ds_dialog dialog;
    struct ds_msg *invite;       /* owned */
    struct ds_msg *heard;        /* owned: what tells what the peer supports; NULL: nothing yet */
    struct ds_client_txn *call;  /* owned handle: our INVITE */
    struct ds_server_txn *asked; /* owned handle: the peer's INVITE, unanswered */
    struct ds_client_txn *bye;   /* owned handle */
    struct ds_ack ack;
    struct ds_accept accept;
    struct ds_reliable reliable;
    struct ds_early earlies[DS_PROVISIONALS];
    size_t early_count;
    uint64_t declined[DS_PROVISIONALS]; /* To tags (hashes) of further answers, ended already */
    size_t declined_count;
    struct ds_modify modify;
    struct ds_session_timer session_timer;
    struct ds_asking asking;
    struct ds_buf described; /* the description we gave last, for a refresh by re-INVITE */
    struct ds_timer later;   /* events that would otherwise come from inside a call */
    char reason[160];        /* of the BYE that waits */
};

/* ---- session.c ---- */

DS_MUST_USE ds_rc ds_session_new(struct ds_ua *ua, bool outgoing, struct ds_session **out);
struct ds_list *ds_session_slot(struct ds_ua *ua, struct ds_slice call_id);
void ds_session_enlist(struct ds_session *session); /* by its Call-ID, now known */
void ds_session_hold(struct ds_session *session);
void ds_session_release(struct ds_session *session);
void ds_sessions_clean_up(struct ds_ua *ua);
const char *ds_session_state_name(enum ds_session_state state); /* "up" */
void ds_session_enter(struct ds_session *session, enum ds_session_state state);
/* Whether the session can still tell its owner anything. */
bool ds_session_lives(const struct ds_session *session);
struct ds_session *ds_session_find(struct ds_ua *ua, const struct ds_msg *request);
struct ds_session *ds_session_find_caller(struct ds_ua *ua, const struct ds_msg *response);

/* ---- uas.c ---- */

void ds_uas_invite(struct ds_ua *ua,
                   struct ds_server_txn *txn,
                   const struct ds_msg *msg,
                   const struct ds_hop *from);
/* `txn` NULL: an ACK. */
void ds_uas_request(struct ds_session *session,
                    struct ds_server_txn *txn,
                    const struct ds_msg *msg);
void ds_uas_refuse(struct ds_session *session,
                   int status,
                   const struct ds_content *content,
                   const char *reason);
/* Sends the 2xx, which it takes over, to the INVITE. */
void ds_uas_accept(struct ds_session *session, struct ds_msg *ok);
/* Begins a response of this session to an INVITE or an UPDATE, Contact and all. */
void ds_uas_response(struct ds_session *session,
                     const struct ds_msg *request,
                     int status,
                     const struct ds_content *content,
                     struct ds_draft *out);
DS_MUST_USE ds_rc ds_uas_make(struct ds_session *session,
                              const struct ds_msg *request,
                              int status,
                              const struct ds_content *content,
                              struct ds_msg **out);
void ds_uas_reply(struct ds_session *session,
                  struct ds_server_txn *txn,
                  int status,
                  const struct ds_content *content);

/* ---- content.c ---- */

/* Contact and Allow. */
void ds_content_write(struct ds_session *session,
                      const struct ds_hop *hop,
                      const struct ds_content *content,
                      struct ds_draft *draft);
/* What we say of our audio, in case it has to be said again. */
void ds_content_remember(struct ds_session *session, struct ds_slice body);
/* The rest, and the body. `content` may be NULL. */
DS_MUST_USE ds_rc ds_content_finish(struct ds_session *session,
                                    const struct ds_content *content,
                                    struct ds_draft *draft,
                                    struct ds_msg **out);

/* ---- uac.c ---- */

void ds_uac_repeat_ack(struct ds_session *session, const struct ds_msg *response);
/* Acknowledges the 2xx, and keeps the ACK. */
DS_MUST_USE ds_rc ds_uac_ack(struct ds_session *session,
                             const struct ds_dialog *dialog,
                             const struct ds_msg *response,
                             struct ds_slice body,
                             struct ds_ack *out);
/* Sends a request inside the dialog, and gives back `request`; `events` are of `owner`. */
DS_MUST_USE ds_rc ds_uac_send(struct ds_session *session,
                              struct ds_msg *request,
                              const struct ds_hop *hop,
                              const struct ds_client_events *events,
                              void *owner,
                              struct ds_client_txn **out);
/* Finishes a request without a body, and sends it; `events` are the session's, NULL: nobody's. */
DS_MUST_USE ds_rc ds_uac_start(struct ds_session *session,
                               struct ds_draft *draft,
                               const struct ds_hop *hop,
                               const struct ds_client_events *events,
                               struct ds_client_txn **out);
DS_MUST_USE ds_rc ds_uac_bye(struct ds_session *session,
                             struct ds_dialog *dialog,
                             const char *reason,
                             const struct ds_client_events *events,
                             struct ds_client_txn **out);
void ds_ack_clean_up(struct ds_ack *ack);

/* ---- accept.c ---- */

/* Sends the 2xx; takes over both the transaction and the message. */
void ds_accept_send(struct ds_accept *accept, struct ds_server_txn *txn, struct ds_msg *ok);
bool ds_accept_waits(const struct ds_accept *accept);
bool ds_accept_take_ack(struct ds_accept *accept, const struct ds_msg *ack);
void ds_accept_clean_up(struct ds_accept *accept);

/* ---- provisional.c ---- */

void ds_provisional_send(struct ds_session *session, int status, const struct ds_content *content);
void ds_provisional_prack(struct ds_session *session,
                          struct ds_server_txn *txn,
                          const struct ds_msg *msg);
/* A 2xx is about to go out: false where it must wait for a PRACK. */
bool ds_provisional_make_way(struct ds_session *session);
void ds_provisional_clean_up(struct ds_session *session);
/* Answers a reliable provisional with PRACK. False where it is a repetition, or out of order. */
bool ds_provisional_acknowledge(struct ds_session *session, const struct ds_msg *msg);

/* ---- session_timer.c ---- */

/* What a request of ours says of it, if anything. */
void ds_session_timer_ask(struct ds_session *session, struct ds_draft *draft);
/* Whether the peer's request asks for no less than we can bear: else it has got its 422. */
bool ds_session_timer_admits(struct ds_session *session,
                             struct ds_server_txn *txn,
                             const struct ds_msg *request);
/* A 2xx agrees: ours, and the peer's. */
void ds_session_timer_answer(struct ds_session *session,
                             const struct ds_msg *request,
                             struct ds_draft *draft);
void ds_session_timer_learn(struct ds_session *session, const struct ds_msg *response);
/* After 422: the INVITE again, asking for as much as the peer demands; DS_BAD where that is no use.
 */
DS_MUST_USE ds_rc ds_session_timer_ask_again(struct ds_session *session,
                                             const struct ds_msg *response,
                                             struct ds_msg **out);
/* What became of a re-INVITE of ours that was a refresh. */
void ds_session_timer_refreshed(struct ds_session *session, int status);
void ds_session_timer_clean_up(struct ds_session *session);

/* ---- modify.c ---- */

/* A re-INVITE that repeats what we said last; false where it cannot be sent now. */
bool ds_modify_refresh(struct ds_session *session);

void ds_modify_request(struct ds_session *session,
                       struct ds_server_txn *txn,
                       const struct ds_msg *msg);
void ds_modify_close(struct ds_session *session); /* refuses what the peer still waits for */
void ds_modify_clean_up(struct ds_session *session);

/* ---- reinvite.c ---- */

void ds_reinvite_send(struct ds_session *session); /* the one that waits, if it may leave now */

/* ---- ask.c ---- */

/* False where the session's owner does not want to be asked. */
bool ds_ask_wanted(const struct ds_session *session);
void ds_ask_take(struct ds_session *session, struct ds_server_txn *txn, const struct ds_msg *msg);
void ds_ask_clean_up(struct ds_session *session);

/* ---- refer_target.c ---- */

/* A Refer-To value: "<sip:bob@contoso.example?Replaces=…>" */
void ds_refer_target_write(const struct ds_refer_target *target, char *out, size_t size);

/* ---- hang_up.c ---- */

void ds_hang_up_now(struct ds_session *session); /* sends the BYE that waited */
void ds_hang_up_by_peer(struct ds_session *session,
                        struct ds_server_txn *txn,
                        const struct ds_msg *bye);
/* The session is over: whatever is still unanswered gets its 487. */
void ds_hang_up_close(struct ds_session *session);
void ds_hang_up_lost(struct ds_session *session); /* closes, and tells `ended` */
/* The same with a BYE to a peer that may be gone: nobody waits for its answer. */
void ds_hang_up_silent(struct ds_session *session, const char *reason);

/* ---- later.c: events in the next turn, since none may come from inside a call ---- */

void ds_later_ended(struct ds_session *session);
void ds_later_offer_done(struct ds_session *session, int status);

/* ---- proxy_loop.c ---- */

#define DS_LOOP_MARK_SIZE 18

/* Of a request as it came to this proxy. */
uint64_t ds_loop_mark(const struct ds_ua *ua, const struct ds_msg *request);
/* Puts the mark behind the branch, with which the Via ends. */
void ds_loop_sign(uint64_t mark, char via[DS_VIA_SIZE]);
bool ds_loop_is_closed(uint64_t mark, const struct ds_msg *request);

/* ---- proxy_fork.c ---- */

struct ds_fork;

/* The fork of this transaction; made where there is none. */
DS_MUST_USE ds_rc ds_fork_of(struct ds_ua *ua, struct ds_server_txn *txn, struct ds_fork **out);
DS_MUST_USE ds_rc ds_fork_add(struct ds_fork *fork,
                              const struct ds_msg *request,
                              const struct ds_hop *hop,
                              const struct ds_proxy_events *events,
                              void *owner,
                              struct ds_why *why);
void ds_fork_answered(struct ds_ua *ua, struct ds_server_txn *txn); /* by somebody else */
void ds_forks_clean_up(struct ds_ua *ua);

/* ---- request.c ---- */

void ds_plain_requests_clean_up(struct ds_ua *ua);

#endif
