#ifndef DS_NET_H
#define DS_NET_H

/*
 * The network of a run and its one loop: datagrams, streams, TLS over streams. Everything above
 * sees these calls only and cannot tell real sockets from anything else behind struct ds_net_ops.
 * Callbacks come from ds_net_turn(), never from inside a call, except where a call says so.
 * Addresses are IPv4 of 127.0.0.0/8.
 */

#include "clock.h"
#include "pcap.h"

struct ds_net;

/* What passed a socket of ours, for runs that may not capture: told once per datagram or stream
   event, by the sender if it is ours, else by the receiver. `tcp_event`: 'o' opened by from, 'd'
   data (at most 64 KiB at once), 'c' closed by from; 0 for UDP. */
typedef void ds_net_tap_fn(void *owner,
                           struct ds_addr from,
                           struct ds_addr to,
                           char tcp_event,
                           struct ds_slice bytes);
/* NSS key log lines, told before the bytes they open leave. */
typedef void ds_net_secret_fn(void *owner, struct ds_slice line);

/* A whole Ethernet frame as it leaves a simulated machine. `note`: the fault that takes it on its
   way, or NULL. */
typedef void
ds_net_frame_fn(void *owner, int64_t unix_us, struct ds_slice ethernet, const char *note);

/* A machine that was restarted: its processes end now (`up` false), or start now. */
typedef void ds_net_restart_fn(void *owner, struct ds_addr at, bool up);

/* False: a wall between the two lets no datagram through. It is never sent. */
typedef bool ds_net_reaches_fn(void *owner, struct ds_addr from, struct ds_addr to);

/* True: the machine at `inner` is behind a translator of addresses, at `outer` (datagrams only). */
typedef bool ds_net_translate_fn(void *owner, struct ds_addr inner, struct ds_addr *outer);

struct ds_net_options {
    struct ds_clock *clock; /* borrowed */
    struct ds_rng *rng;     /* borrowed */
    ds_net_tap_fn *tap;     /* NULL: none */
    ds_net_secret_fn *secret;
    ds_net_reaches_fn *reaches;     /* NULL: everybody reaches everybody */
    ds_net_translate_fn *translate; /* NULL: nobody is behind a translator */
    void *owner;
    ds_us link_delay_us; /* of every packet, one way, where the clock is virtual */
    /* simulated networks only; what else they can do: sim.h */
    ds_net_frame_fn *frame;
    uint64_t seed;                    /* of what faults leave to chance */
    const struct ds_pcap_name *names; /* of machines, for faults; borrowed */
    size_t name_count;
    ds_net_restart_fn *restart;
};

/* Under a real clock a turn waits as long as it takes. Under a held one, which is for those who
   know that nobody else takes part, it waits for what is on its way only, which takes the time of a
   link; then time goes on to what is due next. DS_LATE as below. */
DS_MUST_USE ds_rc ds_net_new_loopback(const struct ds_net_options *options,
                                      struct ds_net **out,
                                      struct ds_why *why);
/* The same calls in memory, under a virtual clock. A turn jumps the clock to what is due next, at
   most to `until`; DS_LATE when time hardly moves because something goes round without delay. */
DS_MUST_USE ds_rc ds_net_new_simulated(const struct ds_net_options *options,
                                       struct ds_net **out,
                                       struct ds_why *why);
/* Every socket must have been closed, and every authority and identity freed. */
void ds_net_free(struct ds_net **net);
struct ds_clock *ds_net_clock(const struct ds_net *net);
/* One turn: timers that are due, then what has arrived; waits no longer than until `until`. */
DS_MUST_USE ds_rc ds_net_turn(struct ds_net *net, ds_us until, struct ds_why *why);
/* Calls `ready` in the loop when a file descriptor of somebody else's can be read; NULL stops
 * watching. */
typedef void ds_net_ready_fn(void *owner);
DS_MUST_USE ds_rc
ds_net_watch(struct ds_net *net, int fd, ds_net_ready_fn *ready, void *owner, struct ds_why *why);

/* ---- datagrams ---- */

struct ds_udp;
typedef void ds_udp_fn(void *owner, struct ds_addr from, struct ds_slice bytes);

/* Port 0 lets the kernel choose. DS_IO names the address and the reason. */
DS_MUST_USE ds_rc ds_udp_open(struct ds_net *net,
                              struct ds_addr at,
                              ds_udp_fn *receive,
                              void *owner,
                              struct ds_udp **out,
                              struct ds_why *why);
void ds_udp_send(struct ds_udp *udp,
                 struct ds_addr to,
                 struct ds_slice bytes); /* lost silently, as on a network */
struct ds_addr ds_udp_at(const struct ds_udp *udp);
void ds_udp_close(struct ds_udp **udp); /* may be called from its own callback */

/* ---- certificates of the run ---- */

struct ds_tls_authority; /* a certificate authority that lives as long as the run */
struct ds_tls_identity;  /* a key and a certificate for one name, made when first needed */
struct ds_tls_store;     /* where they are kept: the authority's own, or one that outlives runs */

/* Certificates issued at `unix_s`. With a seed they are a function of it and of the name, as the
 * simulated world needs; NULL: the machine's own randomness makes them. */
DS_MUST_USE ds_rc ds_tls_store_new(int64_t unix_s, const uint64_t *seed, struct ds_tls_store **out);
void ds_tls_store_free(struct ds_tls_store **store);
DS_MUST_USE ds_rc ds_tls_authority_new(struct ds_net *net,
                                       struct ds_tls_authority **out,
                                       struct ds_why *why);
/* The same over a seeded store that is kept for further runs, one at a time; borrowed. Whatever is
 * in it already, a run is the same. */
DS_MUST_USE ds_rc ds_tls_authority_new_kept(struct ds_net *net,
                                            struct ds_tls_store *store,
                                            struct ds_tls_authority **out,
                                            struct ds_why *why);
void ds_tls_authority_free(struct ds_tls_authority **authority);
/* `version` 12 or 13 pins TLS 1.2 or 1.3; 0 takes the best both know. */
DS_MUST_USE ds_rc ds_tls_identity_new(struct ds_tls_authority *authority,
                                      const char *fqdn,
                                      int version,
                                      struct ds_tls_identity **out,
                                      struct ds_why *why);
void ds_tls_identity_free(struct ds_tls_identity **identity);
/* PEM of the authority's certificate, for real peers. */
DS_MUST_USE ds_rc ds_tls_authority_pem(const struct ds_tls_authority *authority,
                                       struct ds_buf *out);

/* ---- streams ---- */

struct ds_stream;

struct ds_stream_events {
    void (*open)(void *owner); /* connected, and TLS agreed where there is TLS */
    void (*data)(void *owner,
                 struct ds_slice bytes); /* as segmented by the network: any cut, any join */
    void (*closed)(
        void *owner,
        const struct ds_why *why); /* by the peer or by trouble; the stream still wants closing */
};

struct ds_stream_target {
    struct ds_addr from; /* address to call from; port 0: any */
    struct ds_addr to;
    struct ds_tls_identity *tls; /* NULL: plain TCP. Borrowed */
    const char *peer_name; /* what the peer's certificate must say; NULL: any of our authority */
    bool accept_any_name;  /* a defect: takes a certificate that says something else */
};

DS_MUST_USE ds_rc ds_stream_connect(struct ds_net *net,
                                    const struct ds_stream_target *target,
                                    const struct ds_stream_events *events,
                                    void *owner,
                                    struct ds_stream **out,
                                    struct ds_why *why);
/* Queued until open. At most 1 MiB may wait; beyond that the stream fails. */
void ds_stream_send(struct ds_stream *stream, struct ds_slice bytes);
struct ds_addr ds_stream_peer(const struct ds_stream *stream);
struct ds_addr ds_stream_at(const struct ds_stream *stream);
void ds_stream_own(struct ds_stream *stream, const struct ds_stream_events *events, void *owner);
/* Sends what is queued, then closes. No event comes after this. May be called from its own
 * callbacks. */
void ds_stream_close(struct ds_stream **stream);

struct ds_listener;
/* The stream is open already; take it with ds_stream_own() before returning, or it is closed. */
typedef void ds_accept_fn(void *owner, struct ds_stream *stream);

DS_MUST_USE ds_rc ds_listener_open(struct ds_net *net,
                                   struct ds_addr at,
                                   struct ds_tls_identity *tls,
                                   ds_accept_fn *accept,
                                   void *owner,
                                   struct ds_listener **out,
                                   struct ds_why *why);
/* What the certificate of whoever calls from there must say; NULL: any of our authority. */
typedef const char *ds_caller_name_fn(void *owner, struct ds_addr from);
/* Of TLS: whom it takes calls from. `owner` is the listener's. */
void ds_listener_ask_names(struct ds_listener *listener, ds_caller_name_fn *name);
struct ds_addr ds_listener_at(const struct ds_listener *listener);
void ds_listener_close(struct ds_listener **listener);

/* ---- a network of one's own ---- */

enum ds_isolation { DS_ISOLATED, DS_SHARED };

/* Moves this process into a private user and network namespace whose loopback is up. DS_IO, with
   the kernel's reason, when it may not; the process is then as before. Single-threaded callers
   only. */
DS_MUST_USE ds_rc ds_net_isolate(struct ds_why *why);
bool ds_net_can_isolate(void); /* tried in a child */
/* A fresh network for a process that has one already; the old one ends with its last socket. */
DS_MUST_USE ds_rc ds_net_isolate_again(struct ds_why *why);

/* Where runs share the machine's loopback: a number from 1 to 127 that no other process holds, for
   the second octet of this run's addresses. Held until the process ends. */
DS_MUST_USE ds_rc ds_net_claim_slot(uint8_t *slot, struct ds_why *why);

#endif
