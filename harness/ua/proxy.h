#ifndef DS_PROXY_H
#define DS_PROXY_H

/*
 * A stateful proxy (RFC 3261 16): forwards a request on one or several branches and passes back the
 * best of what comes. Where to is its role's to say. Part of a ds_ua, which keeps what is on its
 * way.
 */

#include "ua.h"

struct ds_proxying {
    const char *request_uri;  /* NULL: unchanged */
    const char *record_route; /* whole value to add, or NULL */
    struct ds_hop hop;
    /* "Name: value\r\n" lines, or NULL. Each replaces that field; without a value: takes it off. */
    const char *extra_headers;
};

struct ds_proxy_events {
    /* 4xx-6xx of this branch, or 408 or 503 of our own with msg NULL. Return true to have tried
     * elsewhere (the proxy forwards nothing), false to pass it back. */
    bool (*failed)(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg);
    void (*over)(void *owner); /* last event, whatever became of the branch */
};

/* Forwards a request on its own branch, responses back, CANCEL onwards. Several branches fork: the
   first 2xx wins, the others are cancelled. What has no hop left is answered with 483, what comes
   back unchanged with 482 (RFC 5393 4.2). On failure nothing has been answered, and no event comes.
   Any event may be NULL. */
DS_MUST_USE ds_rc ds_proxy_forward(struct ds_ua *ua,
                                   struct ds_server_txn *txn,
                                   const struct ds_proxying *how,
                                   const struct ds_proxy_events *events,
                                   void *owner,
                                   struct ds_why *why);

/* A request as a whole, all its branches together: whoever forwards it may try elsewhere when
   nobody has taken it. Any may be NULL. */
struct ds_proxy_watch {
    /* Every branch has failed, and none of them was cancelled from upstream. Return true to have
       tried elsewhere, false to have the best of the failures passed back. */
    bool (*failed)(void *owner, int status);
    void (*given_up)(void *owner); /* cancelled from upstream, and no branch was answered */
    void (*over)(void *owner);     /* last event: its transaction has ended */
};

/* Of a transaction that has been forwarded, or will be in this turn. */
DS_MUST_USE ds_rc ds_proxy_watch(struct ds_ua *ua,
                                 struct ds_server_txn *txn,
                                 const struct ds_proxy_watch *watch,
                                 void *owner,
                                 struct ds_why *why);
/* Nobody answers there: cancels every branch that still goes on, and passes nothing of it back but
   a 2xx that crossed. False, and nothing is done, where the request has its answer or was
   cancelled. */
bool ds_proxy_leave(struct ds_ua *ua, struct ds_server_txn *txn);
/* By the topmost Route, or the Request-URI: a request inside a dialog, or an ACK (txn NULL). */
DS_MUST_USE ds_rc ds_proxy_forward_in_dialog(struct ds_ua *ua,
                                             struct ds_server_txn *txn,
                                             const struct ds_msg *msg,
                                             struct ds_why *why);

#endif
