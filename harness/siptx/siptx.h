#ifndef DS_SIPTX_H
#define DS_SIPTX_H

/*
 * One element's SIP transport and transactions: listening points, connections kept and reused,
 * messages framed out of streams, and the four state machines of RFC 3261 section 17 with RFC 6026
 * (an accepted INVITE stays until its retransmissions are over). Indexed by branch, sent-by and
 * method. Knows no dialog; 2xx and its ACK are ua's business. Owns its transactions: a handle is
 * good until its last event, or until it is let go.
 */

#include "net.h"
#include "sipmsg.h"

#define DS_T1 ((ds_us)500000) /* RFC 3261 17.1.1.1 */
#define DS_T2 ((ds_us)4000000)
#define DS_T4 ((ds_us)5000000)

struct ds_sip;
struct ds_server_txn;
struct ds_client_txn;

/* Where a message goes next. */
struct ds_hop {
    enum ds_transport transport;
    struct ds_addr to;
    char peer_name[128]; /* what a TLS certificate there must say; "" for anything else */
};

struct ds_sip_events {
    /* A new request, ACK to a non-2xx excepted. `txn` is NULL for an ACK to a 2xx. */
    void (*request)(void *owner,
                    struct ds_server_txn *txn,
                    const struct ds_msg *msg,
                    const struct ds_hop *from);
    /* A response that matches no client transaction of ours (a 2xx again, say). */
    void (*stray)(void *owner, const struct ds_msg *msg);
};

struct ds_sip_options {
    struct ds_net *net;
    struct ds_rng *rng;
    struct ds_log *log;
    const char *name;             /* for the log; borrowed */
    struct ds_addr at;            /* this element's address; port unused */
    struct ds_tls_identity *tls;  /* NULL: no TLS. Borrowed */
    const char *sent_by;          /* host of our Via: the address, or a name */
    struct ds_msg_judged *judged; /* borrowed: what need not be judged again; or NULL */
    bool accept_any_name;         /* defect */
    const struct ds_sip_events *events;
    void *owner;
};

DS_MUST_USE ds_rc ds_sip_new(const struct ds_sip_options *options,
                             struct ds_sip **out,
                             struct ds_why *why);
/* Ends every transaction without an event and closes every connection. Sends nothing. Never from
 * inside a callback of this element. */
void ds_sip_free(struct ds_sip **sip);
DS_MUST_USE ds_rc ds_sip_listen(struct ds_sip *sip,
                                enum ds_transport transport,
                                uint16_t port,
                                struct ds_why *why);
/* Points that listen for TLS from now on take calls from there under that name alone. */
void ds_sip_ask_names(struct ds_sip *sip, ds_caller_name_fn *name, void *owner);
/* The Via value of a new transaction of ours towards `hop`: "SIP/2.0/TCP
 * 127.0.1.20:5068;branch=z9hG4bK…". */
void ds_sip_via(struct ds_sip *sip, const struct ds_hop *hop, char *out, size_t size);
/* The address our messages to this hop come from; opens the connection where there is none yet. */
DS_MUST_USE ds_rc ds_sip_local(struct ds_sip *sip,
                               const struct ds_hop *hop,
                               struct ds_addr *out,
                               struct ds_why *why);
/* Sends outside any transaction: ACK to a 2xx, and a 2xx sent again. */
DS_MUST_USE ds_rc ds_sip_send(struct ds_sip *sip,
                              const struct ds_msg *msg,
                              const struct ds_hop *hop);

/* ---- client ---- */

struct ds_client_events {
    void (*response)(void *owner,
                     const struct ds_msg *msg); /* each provisional, the final, and 2xx again */
    /* The last event. DS_OK after a final response, DS_LATE after Timer B or F, DS_IO when it could
     * not be sent. */
    void (*ended)(void *owner, ds_rc how, const struct ds_why *why);
};

/* `request` carries our Via on top. The ACK to a failure is sent by the transaction. Failing here
 * tells no event. */
DS_MUST_USE ds_rc ds_client_txn_new(struct ds_sip *sip,
                                    const struct ds_msg *request,
                                    const struct ds_hop *hop,
                                    const struct ds_client_events *events,
                                    void *owner,
                                    struct ds_client_txn **out,
                                    struct ds_why *why);
/* The CANCEL of this INVITE (RFC 3261 9.1), sent at once, or when the first provisional comes. */
void ds_client_txn_cancel(struct ds_client_txn *txn,
                          const char *reason /* a Reason value, or NULL */);
void ds_client_txn_let_go(struct ds_client_txn **txn); /* it goes on alone; no more events */
const struct ds_msg *ds_client_txn_request(const struct ds_client_txn *txn);
const struct ds_hop *ds_client_txn_hop(const struct ds_client_txn *txn);

/* ---- server ---- */

struct ds_server_events {
    void (*cancelled)(
        void *owner,
        const struct ds_msg *cancel); /* its 200 is sent already; answer the INVITE with 487 */
    void (*confirmed)(void *owner);   /* the ACK of a failure came. May be NULL */
    /* The last event. DS_OK when done; DS_LATE when the ACK of a failure never came (Timer H). */
    void (*ended)(void *owner, ds_rc how);
};

/* Who hears of this transaction from now on. One that nobody owns tells nobody; an INVITE among
 * them is answered 487 when it is cancelled. */
void ds_server_txn_own(struct ds_server_txn *txn,
                       const struct ds_server_events *events,
                       void *owner);
/* Sends a response, and again as the RFC demands. A 2xx to INVITE is resent by ua, through this
 * call too. */
void ds_server_txn_reply(struct ds_server_txn *txn, const struct ds_msg *response);
void ds_server_txn_let_go(struct ds_server_txn **txn);
const struct ds_msg *ds_server_txn_request(const struct ds_server_txn *txn);
const struct ds_hop *ds_server_txn_from(const struct ds_server_txn *txn);
size_t ds_sip_transaction_count(const struct ds_sip *sip); /* for leak checks */
/* Adds one line for each transaction there still is: "pool keeps the INVITE server transaction of
 * Call-ID 1@a, completed". Returns how many. */
size_t ds_sip_leftovers(const struct ds_sip *sip, struct ds_buf *out);

/* ---- for defects: what leaves may be spoiled, or not leave at all ---- */

/* Returns the message to send instead (a new reference, or `msg` itself with a new reference), or
 * NULL to send nothing. */
typedef struct ds_msg *
ds_sip_spoil_fn(void *owner, const struct ds_msg *msg, const struct ds_hop *hop);
void ds_sip_spoil(struct ds_sip *sip, ds_sip_spoil_fn *spoil, void *owner);

struct ds_sip_flaws {
    bool never_resends, never_gives_up; /* Timers A and E; B and F */
    bool slows_down;                    /* Timer G doubles beyond T2 */
};

void ds_sip_set_flaws(struct ds_sip *sip, struct ds_sip_flaws flaws);

#endif
