#ifndef DS_SIM_INTERNAL_H
#define DS_SIM_INTERNAL_H

/*
 * The parts of the simulated network: hosts and their ports (simulated.c), packets on their way
 * (wire.c), TCP at either end (tcp*.c), and what goes wrong on purpose (fault*.c). Everything here
 * happens under a virtual clock and is a function of what was sent and of the run's seed.
 */

#include "fault_internal.h"

struct ds_sim {
    struct ds_list flight;    /* owned packets, next to arrive first */
    struct ds_packet *recent; /* borrowed: the last that was put in flight; NULL once it is out */
    struct ds_list held;      /* owned packets for machines that stand still */
    struct ds_buf frame;      /* owned; the frame that is being sent */
    uint64_t sent;            /* packets so far */
    ds_net_choose_fn *choose; /* NULL: packets arrive as they come */
    void *choose_owner;       /* borrowed */
    struct ds_standstill seen;
};

/* ---- packets ---- */

struct ds_packet {
    struct ds_list node;
    ds_us at;       /* of arrival */
    uint64_t order; /* of sending */
    struct ds_addr from, to;
    bool is_tcp;
    struct ds_tcp_mark tcp;
    size_t len;
    char bytes[];
};

/* `tcp` NULL: a datagram. Never fails: what finds no memory is lost. */
void ds_wire_send(struct ds_net *net,
                  struct ds_addr from,
                  struct ds_addr to,
                  const struct ds_tcp_mark *tcp,
                  struct ds_slice bytes);
ds_us ds_wire_next(const struct ds_net *net); /* when the next one arrives; DS_NEVER */
/* The first that has arrived, of those sent before that one; the caller's now. NULL: none. */
struct ds_packet *ds_wire_take(struct ds_net *net, uint64_t sent_before);
/* The one that is chosen, where somebody chooses and there is something to choose from. */
struct ds_packet *ds_wire_choose(struct ds_net *net);
void ds_wire_hold(struct ds_net *net, struct ds_packet *packet);
void ds_wire_release(struct ds_net *net, struct ds_addr to);
void ds_wire_clean_up(struct ds_sim *sim);

/* ---- TCP: connections and sending (tcp.c), receiving (tcp_receive.c) ---- */

enum ds_tcp_state { DS_TCP_CALLING, DS_TCP_ANSWERING, DS_TCP_UP, DS_TCP_OVER };

/* One end of a connection (RFC 9293, without options or congestion control: nothing here is
   congested). What is sent waits in the stream's queue until it is acknowledged. */
struct ds_tcp {
    struct ds_stream *stream; /* borrowed: owns us */
    struct ds_place place;    /* by which segments find us */
    enum ds_tcp_state state;
    /* sending */
    uint32_t unacknowledged, next, recover; /* sequence numbers; recover: of the last loss */
    uint32_t window;                        /* bytes the peer has room for */
    unsigned tries, repeats;                /* of a segment; of one acknowledgement */
    bool has_no_room;                       /* the peer said so since we last asked */
    bool end_wanted, end_sent, pressed;     /* pressed: gathering is over, send what there is */
    struct ds_timer again, gather;
    /* receiving */
    uint32_t expected;               /* the next sequence number */
    uint32_t end_at;                 /* of the peer's end, once that has come */
    bool has_end, took_end, saw_end; /* it is known; acknowledged; told to our owner */
    uint32_t told;                   /* the last acknowledgement that left */
    unsigned unanswered;             /* segments since */
    struct ds_list early;            /* owned segments beyond a hole, in order */
    size_t early_bytes;
    struct ds_buf unread; /* owned: come, and not read by a slow machine yet */
    size_t unread_head;
    uint64_t credit; /* millionths of a byte that a slow machine may read */
    struct ds_timer acknowledge, read;
};

DS_MUST_USE ds_rc ds_tcp_call(struct ds_stream *stream, struct ds_why *why);
void ds_tcp_write(struct ds_stream *stream, struct ds_slice bytes);
void ds_tcp_finish(struct ds_stream *stream); /* the end follows what is queued */
void ds_tcp_drop(struct ds_stream *stream);   /* a reset */
void ds_tcp_free(struct ds_tcp **tcp);
void ds_tcp_deliver(struct ds_net *net, const struct ds_packet *packet);
/* Between the two halves. */
DS_MUST_USE ds_rc ds_tcp_new(struct ds_stream *stream, enum ds_tcp_state state, struct ds_why *why);
void ds_tcp_open(struct ds_tcp *tcp); /* SYN, or SYN and ACK, until they are answered */
void ds_tcp_acknowledged(struct ds_tcp *tcp, const struct ds_packet *packet);
void ds_tcp_emit(struct ds_tcp *tcp, const struct ds_tcp_mark *flags, struct ds_slice bytes);
void ds_tcp_push(struct ds_tcp *tcp);
void ds_tcp_over(struct ds_tcp *tcp); /* nothing is sent or taken any more */
void ds_tcp_fail(struct ds_tcp *tcp); /* out of memory */
uint16_t ds_tcp_room(const struct ds_tcp *tcp);
void ds_tcp_start(struct ds_tcp *tcp, struct ds_timer *timer, ds_us delay_us, ds_timer_fn *fire);
void ds_tcp_receive(struct ds_tcp *tcp, const struct ds_packet *packet);
void ds_tcp_forget(struct ds_tcp *tcp); /* what has come and is not read */
/* Both ends are done: the stream may go. */
void ds_tcp_settle(struct ds_tcp *tcp);

#endif
