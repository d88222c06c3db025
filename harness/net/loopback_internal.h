#ifndef DS_LOOPBACK_INTERNAL_H
#define DS_LOOPBACK_INTERNAL_H

/*
 * The loopback world in parts: the loop and its sources (loopback.c), datagrams, listeners and
 * streams (loopback_*.c), what is on its way between them (loopback_flight.c), and what goes wrong
 * with it (loopback_late.c) and with machines (loopback_machine.c).
 */

#include "fault_internal.h"

struct epoll_event;
struct sockaddr_in;

struct ds_loopback {
    int epoll;
    int spare;              /* given up for a moment when descriptors run out */
    struct ds_list watches; /* owned */
    struct ds_list dead;    /* owned: what machines without power had open (loopback_machine.c) */
    unsigned era;           /* what was on its way in earlier ones is lost */
    size_t coming;          /* to all sources */
    struct ds_standstill seen;
    char bytes[64 * 1024]; /* read into; used by one callback at a time */
};

struct sockaddr_in ds_loopback_name(struct ds_addr addr);
struct ds_addr ds_loopback_addr(const struct sockaddr_in *name);
/* A bound socket that does not block; puts the port where it was 0. `purpose` opens the sentence:
 * "cannot listen on tcp". */
DS_MUST_USE ds_rc ds_loopback_open(struct ds_source *source,
                                   int type,
                                   const char *purpose,
                                   struct ds_addr *at,
                                   struct ds_why *why);
DS_MUST_USE ds_rc ds_loopback_watch(struct ds_net *net,
                                    struct ds_source *source,
                                    uint32_t events,
                                    struct ds_why *why);
void ds_loopback_expect(struct ds_net *net, struct ds_source *source, uint32_t events);
void ds_loopback_close(struct ds_net *net, struct ds_source *source); /* harmless twice */

ds_rc ds_loopback_udp_open(struct ds_udp *udp, struct ds_why *why);
void ds_loopback_udp_send(struct ds_udp *udp, struct ds_addr to, struct ds_slice bytes);
void ds_loopback_udp_close(struct ds_udp *udp);
ds_rc ds_loopback_listen(struct ds_listener *listener, struct ds_why *why);
void ds_loopback_unlisten(struct ds_listener *listener);
ds_rc ds_loopback_connect(struct ds_stream *stream, struct ds_why *why);
void ds_loopback_write(struct ds_stream *stream, struct ds_slice bytes);
void ds_loopback_finish(struct ds_stream *stream);
void ds_loopback_drop(struct ds_stream *stream);
/* One more end for a connection that the kernel has accepted; the descriptor is its own now. */
DS_MUST_USE ds_rc ds_loopback_adopt(struct ds_stream *stream, int fd);
void ds_loopback_recognise(struct ds_stream *callee);

/* Machines that stand still, or have no power (loopback_machine.c). */
void ds_loopback_stand(struct ds_net *net, struct ds_addr at, bool still);
void ds_loopback_cut_off(struct ds_net *net, struct ds_addr at);
void ds_loopback_power_up(struct ds_net *net, struct ds_addr at);
void ds_loopback_bury_dead(struct ds_loopback *world);

/* What a fault delays: a datagram, or the next of a stream, which may be its end. */
struct ds_late_news {
    ds_us delay_us;
    struct ds_addr from, at;
    struct ds_slice bytes;
    bool is_end;
    int error; /* of the end */
};

typedef void ds_late_fn(void *owner, const struct ds_late_news *news);
/* Without memory it is lost. `in_order`: not before what was added before it. */
void ds_late_add(struct ds_late **late,
                 struct ds_net *net,
                 const struct ds_late_news *news,
                 bool in_order,
                 ds_late_fn *tell,
                 void *owner);
bool ds_late_waits(const struct ds_late *late);

/* What is on its way (loopback_flight.c). */
void ds_loopback_sent(struct ds_net *net, struct ds_source *to, size_t count);
void ds_loopback_came(struct ds_net *net, struct ds_source *at, size_t count); /* or fewer */
/* What comes to a source that stands still is not waited for. */
void ds_loopback_set_still(struct ds_net *net, struct ds_source *source, bool still);
void ds_loopback_sent_ahead(struct ds_stream *stream, size_t count); /* to its other end */
void ds_loopback_calls(struct ds_stream *stream);
void ds_loopback_calls_no_more(struct ds_stream *stream); /* before it was answered */
void ds_loopback_pair(struct ds_stream *caller, struct ds_stream *callee);
void ds_loopback_unpair(struct ds_stream *stream); /* its descriptor is closed */
int ds_loopback_poll(const struct ds_loopback *world, struct epoll_event *events, ds_us wait);
/* The same under a clock that the loop moves: waits for what is on its way, which takes the time of
 * a link; else for nothing, and moves the clock on by `due`. */
int ds_loopback_wait(struct ds_net *net, struct epoll_event *events, ds_us due);

#endif
