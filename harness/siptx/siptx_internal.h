#ifndef DS_SIPTX_INTERNAL_H
#define DS_SIPTX_INTERNAL_H

#include "siptx.h"

#define DS_SIP_MAGIC        0x51b00001u
#define DS_CLIENT_TXN_MAGIC 0x51b00002u
#define DS_SERVER_TXN_MAGIC 0x51b00003u

/* ---- table.c: what is found by what a message says ---- */

/* Borrows its slices from what the entry belongs to. */
struct ds_key {
    struct ds_slice part[5];
    uint64_t number;
};

struct ds_entry {
    struct ds_entry *next; /* in its bucket */
    struct ds_list all;    /* in the order they came; unlinked when not in a table */
    struct ds_key key;
    uint64_t hash;
};

struct ds_table {
    struct ds_entry **bucket; /* the array is owned, the entries are not */
    size_t cap, count;        /* cap is a power of two */
    struct ds_list all;
};

void ds_table_init(struct ds_table *table);
void ds_table_clean_up(struct ds_table *table); /* must be empty */
DS_MUST_USE ds_rc ds_table_put(struct ds_table *table, struct ds_entry *entry, struct ds_key key);
void ds_table_drop(struct ds_table *table, struct ds_entry *entry);
struct ds_entry *ds_table_find(const struct ds_table *table, const struct ds_key *key);
struct ds_entry *ds_table_first(const struct ds_table *table); /* NULL when empty */

/* ---- the element ---- */

/* A socket that others may call. UDP needs one even to send. */
struct ds_point {
    struct ds_list node;
    struct ds_sip *sip; /* borrowed: outlives us */
    enum ds_transport transport;
    bool listening;               /* false: opened to send from, on a port nobody was told */
    uint16_t port;                /* of our Via */
    struct ds_udp *udp;           /* owned; NULL for streams */
    struct ds_listener *listener; /* owned; NULL for UDP */
};

struct ds_sip {
    uint32_t magic;
    struct ds_net *net;           /* borrowed: outlives us */
    struct ds_rng *rng;           /* borrowed: outlives us */
    struct ds_log *log;           /* borrowed: outlives us; may be NULL */
    const char *name;             /* borrowed: outlives us */
    struct ds_tls_identity *tls;  /* borrowed: outlives us; NULL: no TLS */
    struct ds_msg_judged *judged; /* borrowed: outlives us, or NULL */
    struct ds_addr at;
    char sent_by[256];
    bool accept_any_name;
    struct ds_sip_flaws flaws;
    const struct ds_sip_events *events; /* borrowed: outlives us */
    void *owner;
    struct ds_list points;                         /* owned */
    struct ds_table connections, clients, servers; /* owned entries */
    ds_caller_name_fn *caller_name;                /* NULL: takes calls under any name */
    void *caller_name_owner;
    ds_sip_spoil_fn *spoil; /* NULL: none */
    void *spoil_owner;
    unsigned telling; /* callbacks under way: the element may not be freed inside one */
};

struct ds_point *ds_sip_point(const struct ds_sip *sip, enum ds_transport transport);
DS_MUST_USE ds_rc ds_sip_udp_point(struct ds_sip *sip, struct ds_point **out, struct ds_why *why);
/* Starts a timer of a transaction that is under way already. */
/* Timers are the element's: they rest while its machine stands still. */
DS_MUST_USE ds_rc ds_sip_timer_start(struct ds_sip *sip,
                                     struct ds_timer *timer,
                                     ds_us delay_us,
                                     ds_timer_fn *fire);
void ds_sip_timer(struct ds_sip *sip, struct ds_timer *timer, ds_us delay_us, ds_timer_fn *fire);
void ds_sip_timer_stop(struct ds_sip *sip, struct ds_timer *timer);
/* One line of the log, in the name of this element. */
DS_PRINTF(3, 4) void ds_sip_note(struct ds_sip *sip, int level, const char *fmt, ...);

/* ---- send.c ---- */

/* What leaves instead of `msg`: a new reference, or NULL for nothing at all. */
struct ds_msg *
ds_sip_spoiled(struct ds_sip *sip, const struct ds_msg *msg, const struct ds_hop *hop);
/* Sends the message as it is. `point` is the UDP socket to send from; NULL: any of ours. */
DS_MUST_USE ds_rc ds_sip_put(struct ds_sip *sip,
                             const struct ds_msg *msg,
                             const struct ds_hop *hop,
                             struct ds_point *point,
                             struct ds_why *why);

/* The same where nobody can be told of trouble but the log. A NULL message was kept back: nothing
 * is sent. */
void ds_sip_put_or_note(struct ds_sip *sip,
                        const struct ds_msg *msg,
                        const struct ds_hop *hop,
                        struct ds_point *point);

/* "127.0.10.50:5066 tcp", for the log. */
struct ds_hop_text {
    char text[64];
};

struct ds_hop_text ds_hop_text(const struct ds_hop *hop);

/* ---- receive.c ---- */

/* Takes the reference. `point` is the UDP socket it came to; NULL for streams. */
void ds_sip_receive(struct ds_sip *sip,
                    struct ds_msg *msg,
                    const struct ds_hop *from,
                    struct ds_point *point);
void ds_sip_receive_datagram(void *point, struct ds_addr from, struct ds_slice bytes);
/* A whole message of a stream, well formed or not. */
void ds_sip_receive_frame(struct ds_sip *sip, struct ds_slice bytes, const struct ds_hop *from);

/* ---- connection.c ---- */

struct ds_connection {
    struct ds_entry entry; /* by transport and the peer's address */
    struct ds_sip *sip;    /* borrowed: outlives us */
    struct ds_hop peer;
    struct ds_stream *stream; /* owned */
    struct ds_buf unread;     /* the beginning of a message whose rest is still to come */
    struct ds_list waiting;   /* of client transactions: borrowed */
    bool opening;             /* by us: it has not been answered yet */
    bool reopens;             /* opened by us, and open: worth opening again when it breaks */
};

struct ds_connection *ds_connection_find(const struct ds_sip *sip, const struct ds_hop *hop);
/* The one that is there, or a new one, whose opening what is sent will wait for. */
DS_MUST_USE ds_rc ds_connection_get(struct ds_sip *sip,
                                    const struct ds_hop *hop,
                                    struct ds_connection **out,
                                    struct ds_why *why);
void ds_connection_accept(void *point, struct ds_stream *stream);
/* Closes it and fails who waits on it. */
void ds_connection_fail(struct ds_connection *connection, const struct ds_why *why);
void ds_connection_free(struct ds_connection *connection);

/* ---- via.c ---- */

/* The topmost Via: SIP/2.0/UDP host:port;params */
struct ds_via {
    struct ds_slice value, sent_by, host, params;
    uint16_t port; /* 0 when absent */
};

DS_MUST_USE ds_rc ds_via_read(const struct ds_msg *msg, struct ds_via *out);
/* A new reference: the request with what RFC 3261 18.2.1 and RFC 3581 4 add to its topmost Via. */
struct ds_msg *ds_via_mark(struct ds_msg *msg, const struct ds_hop *from);
/* Where a response goes when nothing but the Via can tell (RFC 3261 18.2.2). */
struct ds_hop ds_via_back(const struct ds_msg *request, const struct ds_hop *from);

/* ---- client ---- */

/* Calling is called Trying by all but INVITE. */
enum ds_client_state {
    DS_CLIENT_CALLING,
    DS_CLIENT_PROCEEDING,
    DS_CLIENT_COMPLETED,
    DS_CLIENT_ACCEPTED, /* RFC 6026 */
    DS_CLIENT_ENDED
};

struct ds_client_txn {
    uint32_t magic;
    bool is_invite;
    bool reopens; /* was sent on a connection that was there already: worth one more try */
    bool cancel_sent;
    enum ds_client_state state;
    struct ds_entry entry;                 /* by branch and method */
    struct ds_list waiting;                /* in its connection, until the final response */
    struct ds_sip *sip;                    /* borrowed: outlives us */
    const struct ds_client_events *events; /* borrowed; NULL: nobody listens */
    void *owner;
    struct ds_hop hop;
    struct ds_msg *request; /* owned, as given */
    struct ds_msg *sent;    /* owned, as it left; NULL: it did not */
    struct ds_msg *ack;     /* owned, as it left */
    struct ds_msg *cancel;  /* owned; waits for the first provisional */
    struct ds_timer again;  /* A, E */
    struct ds_timer end;    /* B, D, F, K, M */
    ds_us interval_us;
};

/* The method of a response's CSeq and the branch it came back with. */
struct ds_client_txn *ds_client_find(const struct ds_sip *sip, const struct ds_msg *response);
void ds_client_receive(struct ds_client_txn *txn, const struct ds_msg *response);
void ds_client_tell(struct ds_client_txn *txn, const struct ds_msg *response);
void ds_client_resend(struct ds_client_txn *txn);
/* Waits `delay_us` in a state that only time ends. */
void ds_client_linger(struct ds_client_txn *txn, enum ds_client_state state, ds_us delay_us);
void ds_client_give_up(struct ds_timer *end); /* B, F, and a CANCEL that changed nothing */
void ds_client_connection_lost(struct ds_client_txn *txn, const struct ds_why *why);
void ds_client_free(struct ds_client_txn *txn);
bool ds_client_is_udp(const struct ds_client_txn *txn);

void ds_client_invite_receive(struct ds_client_txn *txn, const struct ds_msg *response);
void ds_client_invite_again(struct ds_timer *again); /* A */
void ds_client_other_receive(struct ds_client_txn *txn, const struct ds_msg *response);
void ds_client_other_again(struct ds_timer *again); /* E */

/* ---- server ---- */

/* Proceeding is called Trying while nothing has been said. */
enum ds_server_state {
    DS_SERVER_PROCEEDING,
    DS_SERVER_COMPLETED,
    DS_SERVER_CONFIRMED,
    DS_SERVER_ACCEPTED, /* RFC 6026 */
    DS_SERVER_ENDED
};

struct ds_server_txn {
    uint32_t magic;
    bool is_invite;
    enum ds_server_state state;
    struct ds_entry entry;                 /* by branch, sent-by and method */
    struct ds_sip *sip;                    /* borrowed: outlives us */
    const struct ds_server_events *events; /* borrowed; NULL: nobody listens */
    void *owner;
    struct ds_hop from;
    struct ds_point *point; /* borrowed: the UDP socket it came to; NULL for streams */
    struct ds_msg *request; /* owned */
    struct ds_msg *said;    /* owned: the last response, as given */
    struct ds_msg *sent;    /* owned: the same as it left; NULL: it did not */
    struct ds_timer again;  /* the 100 of an INVITE nobody answers, G */
    struct ds_timer end;    /* H, I, J, L */
    ds_us interval_us;
};

/* `method` is that of the transaction looked for: INVITE for an ACK or a CANCEL. */
struct ds_server_txn *
ds_server_find(const struct ds_sip *sip, const struct ds_msg *request, struct ds_slice method);
/* Takes the reference, also on failure. */
DS_MUST_USE ds_rc ds_server_new(struct ds_sip *sip,
                                struct ds_msg *request,
                                const struct ds_hop *from,
                                struct ds_point *point,
                                struct ds_server_txn **out);
void ds_server_send(struct ds_server_txn *txn, const struct ds_msg *response);
void ds_server_resend(struct ds_server_txn *txn);
/* Drafts and sends a response of siptx's own. */
void ds_server_say(struct ds_server_txn *txn, int status, const char *to_tag);
void ds_server_linger(struct ds_server_txn *txn, enum ds_server_state state, ds_us delay_us);
void ds_server_end(struct ds_server_txn *txn, ds_rc how);
void ds_server_free(struct ds_server_txn *txn);
bool ds_server_is_udp(const struct ds_server_txn *txn);

DS_MUST_USE ds_rc ds_server_invite_start(struct ds_server_txn *txn);
void ds_server_invite_reply(struct ds_server_txn *txn, const struct ds_msg *response);
/* Returns whether the ACK was that of a failure, which ends here. */
bool ds_server_invite_ack(struct ds_server_txn *txn);
void ds_server_other_reply(struct ds_server_txn *txn, const struct ds_msg *response);

/* ---- cancel.c: RFC 3261 9 ---- */

void ds_cancel_send(struct ds_client_txn *txn);
void ds_cancel_receive(struct ds_server_txn *cancel);
/* A request of the INVITE's own transaction (its CANCEL, its ACK): same topmost Via, same Route. */
DS_MUST_USE ds_rc ds_companion(const struct ds_client_txn *invite,
                               const char *method,
                               const struct ds_msg *to_from,
                               const char *reason,
                               struct ds_msg **out);

#endif
