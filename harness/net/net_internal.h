#ifndef DS_NET_INTERNAL_H
#define DS_NET_INTERNAL_H

/*
 * One front door (net.c, udp.c, stream.c, listener.c) over two worlds that carry bytes
 * (simulated.c, loopback*.c). TLS sits between the two and is the same for both. A world is only
 * ever called from above through ds_net_ops, and calls back through the functions named
 * "told by a world" below, in a turn.
 */

#include "net.h"

#include <openssl/types.h>

#define DS_NET_MAGIC      0x4e370001u
#define DS_UDP_MAGIC      0x4e370002u
#define DS_STREAM_MAGIC   0x4e370003u
#define DS_LISTENER_MAGIC 0x4e370004u

enum {
    DS_STREAM_MOST = 1 << 20,  /* bytes that may wait in one stream */
    DS_STREAM_CUT = 32 * 1024, /* bytes that leave at once: one event of the tap */
    DS_UDP_MOST = 65507,
    DS_PLACES = 4096
};

#define DS_PATIENCE_US (5 * DS_S) /* for a peer that neither reads, closes nor agrees on TLS */

/* ---- what stands at an address of ours ---- */

enum ds_place_kind {
    DS_PLACE_UDP,
    DS_PLACE_FORMER_UDP, /* closed; its last datagrams may still be on their way */
    DS_PLACE_LISTENER,
    DS_PLACE_CALLER, /* our end of a stream that we opened */
    DS_PLACE_LINE,   /* either end of a simulated connection */
    DS_PLACE_MACHINE
};

struct ds_place {
    struct ds_place *next; /* in its bucket */
    enum ds_place_kind kind;
    struct ds_addr at;
    bool listed;
};

void ds_place_add(struct ds_net *net, struct ds_place *place);
void ds_place_remove(struct ds_net *net, struct ds_place *place); /* harmless twice */
struct ds_place *
ds_place_find(const struct ds_net *net, enum ds_place_kind kind, struct ds_addr at);
/* The next of that kind at the same address: many connections stand at one listener's. */
struct ds_place *ds_place_next(const struct ds_place *place);

/* An object that a packet or an epoll event of this turn may still name is freed after the turn. */
struct ds_grave {
    struct ds_list node;
    ds_us until;
    void (*free)(struct ds_grave *grave);
};

void ds_net_bury(struct ds_net *net,
                 struct ds_grave *grave,
                 void (*free_it)(struct ds_grave *grave),
                 ds_us keep_us);

/* A file descriptor in the loop of the loopback world; closed while the descriptor is -1. */
struct ds_source {
    int fd;
    uint32_t events;       /* that epoll is asked for */
    bool still;            /* its machine stands still: epoll is asked for nothing */
    unsigned era;          /* in which `coming` was counted: see loopback_flight.c */
    size_t coming;         /* what is on its way to it from sockets of ours */
    bool brings_datagrams; /* these are taken first in a turn */
    bool brings_calls;     /* a listener of streams */
    void (*ready)(struct ds_source *source, uint32_t events);
};

struct ds_nat;
struct ds_late;

struct ds_udp {
    uint32_t magic;
    struct ds_net *net;    /* borrowed: outlives us */
    struct ds_nat *nat;    /* owned; NULL: it has sent nothing through a translator */
    struct ds_late *late;  /* owned; what a fault delays on sockets; NULL: nothing */
    struct ds_place place; /* where it stands */
    ds_udp_fn *receive;    /* NULL once closed */
    void *owner;           /* borrowed */
    struct ds_grave grave;
    struct ds_source source;
};

/* nat.c: a datagram through the translator at `outer`; and the end of its port. */
void ds_nat_send(struct ds_udp *udp,
                 struct ds_addr outer,
                 struct ds_addr to,
                 struct ds_slice bytes);
void ds_nat_close(struct ds_udp *udp); /* harmless twice */

struct ds_listener {
    uint32_t magic;
    struct ds_net *net; /* borrowed: outlives us */
    struct ds_place place;
    struct ds_tls_identity *identity; /* borrowed: outlives us; NULL: plain TCP */
    ds_accept_fn *accept;             /* NULL once closed */
    ds_caller_name_fn *caller_name;   /* NULL: asks no name of anybody */
    void *owner;                      /* borrowed */
    struct ds_grave grave;
    struct ds_source source;
};

enum ds_stream_state {
    DS_STREAM_DIALLING, /* no wire yet */
    DS_STREAM_AGREEING, /* a wire; TLS is being agreed */
    DS_STREAM_OPEN,
    DS_STREAM_ENDED
};

struct ds_stream {
    uint32_t magic;
    struct ds_net *net;                    /* borrowed: outlives us */
    const struct ds_stream_events *events; /* borrowed; NULL while nobody owns it */
    void *owner;                           /* borrowed */
    struct ds_listener *listener;          /* borrowed: who is told once TLS is agreed; or NULL */
    struct ds_tls *tls;                    /* owned; NULL: plain TCP */
    struct ds_place place;                 /* our end */
    struct ds_addr peer;
    enum ds_stream_state state;
    bool is_caller;    /* we opened it */
    bool told_open;    /* the tap knows of it */
    bool peer_is_ours; /* the other end belongs to this net, and tells the tap what it sends */
    bool broken;       /* ended by trouble: nothing more can be sent */
    bool let_go;       /* closed by its owner; lives on until its wire is done */
    bool wire_done;    /* the world has no more use for it */
    bool buried;
    struct ds_buf held;  /* sent before it was open */
    size_t queued;       /* bytes the world has taken and not yet carried away */
    struct ds_why why;   /* why it ended */
    struct ds_list node; /* in net->streams */
    struct ds_list news; /* in net->news while its end is still to be told */
    struct ds_timer patience;
    struct ds_grave grave;
    struct ds_buf queue;
    size_t queue_head; /* bytes of the queue that have left, or are acknowledged */
    /* the loopback world's */
    struct ds_source source;
    bool finishing;          /* the end is sent as soon as the queue is */
    bool shut;               /* the end is sent */
    bool saw_end;            /* the peer's end has come */
    struct ds_stream *other; /* borrowed; the far end, where it is ours and open */
    size_t ahead;            /* sent to an end that is not known */
    bool asks;               /* a listener of ours has yet to accept it */
    struct ds_late *late;    /* owned; what a fault delays; NULL: nothing */
    /* the simulated world's */
    struct ds_tcp *tcp; /* owned */
};

/* What a fault delays on sockets: told later, in order of time (loopback_late.c). */
void ds_late_free(struct ds_late **late);

/* How often a loop that moves its clock itself has turned, and how far that has brought it. */
struct ds_standstill {
    ds_us moment; /* of the last turn */
    unsigned long turns_at_once;
    unsigned long turns; /* since that moment */
    ds_us counted_from;
};

/* A turn at `now`; DS_LATE when time hardly moves (standstill.c). */
DS_MUST_USE ds_rc ds_standstill_watch(struct ds_standstill *seen, ds_us now, struct ds_why *why);

struct ds_net_ops {
    DS_MUST_USE ds_rc (*turn)(struct ds_net *net, ds_us until, struct ds_why *why);
    void (*free)(struct ds_net *net);
    DS_MUST_USE ds_rc (*watch)(struct ds_net *net,
                               int fd,
                               ds_net_ready_fn *ready,
                               void *owner,
                               struct ds_why *why);
    /* These take the address from `place`, and put the port there where it was 0. */
    DS_MUST_USE ds_rc (*udp_open)(struct ds_udp *udp, struct ds_why *why);
    DS_MUST_USE ds_rc (*listen)(struct ds_listener *listener, struct ds_why *why);
    DS_MUST_USE ds_rc (*connect)(struct ds_stream *stream, struct ds_why *why);
    void (*udp_send)(struct ds_udp *udp, struct ds_addr to, struct ds_slice bytes);
    void (*udp_close)(struct ds_udp *udp);          /* buries it */
    void (*unlisten)(struct ds_listener *listener); /* buries it */
    void (*write)(struct ds_stream *stream, struct ds_slice bytes);
    /* Each ends in wire_done and ds_stream_settle(): after the queue is sent, or at once. */
    void (*finish)(struct ds_stream *stream);
    void (*drop)(struct ds_stream *stream);
    /* A machine stands still, or goes on: what has come meanwhile is told then. */
    void (*stand)(struct ds_net *net, struct ds_addr at, bool still);
    /* Without power: no process of the machine can say anything, from before it ends; it has ended;
     * power is back. Any of them may be NULL. */
    void (*cut_off)(struct ds_net *net, struct ds_addr at);
    void (*forget)(struct ds_net *net, struct ds_addr at);
    void (*power_up)(struct ds_net *net, struct ds_addr at);
};

extern const struct ds_net_ops ds_net_simulated_ops, ds_net_loopback_ops;

struct ds_net {
    uint32_t magic;
    const struct ds_net_ops *ops;
    struct ds_net_options options;
    void *world;                         /* owned by the world */
    struct ds_place *places[DS_PLACES];  /* borrowed */
    struct ds_list streams;              /* owned, all that are not buried */
    struct ds_list news;                 /* borrowed */
    struct ds_list graves, later_graves; /* owned */
    struct ds_list machines;             /* owned: those that something was said of */
    struct ds_list faults;               /* owned, in the order they were started */
    struct ds_buf probe;                 /* owned; a frame that faults are asked about */
    size_t handles; /* sockets, streams, authorities, identities that somebody owns */
    bool turning;
};

DS_MUST_USE ds_rc ds_net_new(const struct ds_net_options *options,
                             const struct ds_net_ops *ops,
                             struct ds_net **out);
void ds_net_tell(struct ds_net *net,
                 struct ds_addr from,
                 struct ds_addr to,
                 char tcp_event,
                 struct ds_slice bytes);
void ds_list_take(struct ds_list *from, struct ds_list *to);
DS_MUST_USE ds_rc ds_net_check_addr(const struct ds_addr *addr, struct ds_why *why);

/* ---- told by a world ---- */

/* One end of a connection that has come in; NULL when out of memory. */
struct ds_stream *
ds_stream_new_incoming(struct ds_listener *listener, struct ds_addr at, struct ds_addr peer);
void ds_listener_incoming(struct ds_listener *listener, struct ds_stream *stream);
void ds_stream_connected(struct ds_stream *stream);
void ds_stream_arrived(struct ds_stream *stream, struct ds_slice bytes);
DS_PRINTF(3, 4)
void ds_stream_ended(struct ds_stream *stream, bool broken, const char *fmt, ...);
void ds_stream_settle(struct ds_stream *stream); /* buries it when nobody needs it any more */
void ds_stream_start_patience(struct ds_stream *stream);

/* ---- between stream.c, listener.c and tls.c ---- */

void ds_stream_up(struct ds_stream *stream);
void ds_stream_deliver(struct ds_stream *stream, struct ds_slice bytes);
void ds_stream_part(struct ds_stream *stream);
void ds_stream_abandon(struct ds_stream *stream);
void ds_stream_fail_later(struct ds_stream *stream, const char *reason);
void ds_stream_free_memory(struct ds_stream *stream);

int64_t ds_net_unix_s(const struct ds_net *net);
bool ds_net_is_simulated(const struct ds_net *net);

/* ---- TLS of one stream: it writes with net->ops->write (tls.c) ---- */

struct ds_tls_wish {
    struct ds_tls_identity *identity;
    const char *peer_name; /* NULL: any of our authority */
    bool accept_any_name, is_server;
};

DS_MUST_USE ds_rc ds_tls_new(struct ds_stream *stream,
                             const struct ds_tls_wish *wish,
                             struct ds_why *why);
void ds_tls_free(struct ds_tls **tls);
void ds_tls_start(struct ds_stream *stream);
void ds_tls_arrived(struct ds_stream *stream, struct ds_slice bytes);
void ds_tls_send(struct ds_stream *stream, struct ds_slice bytes);
void ds_tls_part(struct ds_stream *stream);
int64_t ds_net_unix_s(const struct ds_net *net);

#endif
