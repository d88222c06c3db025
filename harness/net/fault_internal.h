#ifndef DS_FAULT_INTERNAL_H
#define DS_FAULT_INTERNAL_H

/*
 * What goes wrong on purpose, and with which machines. Worlds ask here what becomes of a packet,
 * and are told through ds_net_ops when a machine stands still or has lost its power.
 */

#include "net_internal.h"
#include "sim.h"

/* ---- machines (machine.c) ---- */

struct ds_machine {
    struct ds_place place;
    uint32_t given;       /* ports of the simulated world, in rising order */
    unsigned gone, still; /* how many faults say so */
    struct ds_list node;
};

/* NULL: nothing is known of it. */
struct ds_machine *ds_machine_find(const struct ds_net *net, struct ds_addr at);
struct ds_machine *ds_machine_at(struct ds_net *net, struct ds_addr at); /* NULL: out of memory */
/* One that is gone neither sends nor hears; one that stands still hears later. */
bool ds_machine_is_gone(const struct ds_net *net, struct ds_addr at);
void ds_machine_set_gone(struct ds_net *net, struct ds_addr at, bool gone);
void ds_machine_set_still(struct ds_net *net, struct ds_addr at, bool still);
void ds_machines_clean_up(struct ds_net *net);

/* ---- what goes wrong (fault.c), and how it is read (fault_read.c, fault_filter.c) ---- */

enum ds_fault_kind {

#define FAULT(constant, word, elements, amount, filtered, on_sockets, usage) DS_FAULT_##constant,
#include "faults.def"
#undef FAULT
    DS_FAULT_KINDS
};

#define DS_FAULT_MOST_TEXT 400

struct ds_fault {
    uint32_t magic;
    struct ds_list node;           /* in net->faults */
    struct ds_net *net;            /* borrowed: outlives us */
    char line[DS_FAULT_MOST_TEXT]; /* as written */
    enum ds_fault_kind kind;
    double share;       /* of the packets, 0 to 1 */
    uint64_t nth, seen; /* only that packet, 0: not by number; packets that matched so far */
    ds_us time_us, jitter_us;
    uint64_t number;
    struct ds_addr ends[2]; /* of the elements named; port 0 */
    size_t end_count;
    struct ds_filter *filter; /* owned; NULL: every packet */
    bool spares_tcp;          /* the filter matches no TCP segment */
    ds_us at, lasts;          /* run time when it begins; how long, DS_NEVER: to the end */
    bool active;
    struct ds_rng rng;
    struct ds_timer timer; /* to its beginning, then to its end */
};

/* Fills in what the line says. The line must outlive nothing. */
DS_MUST_USE ds_rc ds_fault_read(const struct ds_net_options *options,
                                struct ds_fault *fault,
                                struct ds_why *why);
/* The kernel carries streams whole and in order: not every fault can be on sockets. */
DS_MUST_USE ds_rc ds_fault_check_sockets(const struct ds_fault *fault, struct ds_why *why);
/* A filter with the names of elements in it; libpcap is not asked to look names up. */
DS_MUST_USE ds_rc ds_fault_filter(const struct ds_net_options *options,
                                  struct ds_slice text,
                                  struct ds_filter **out,
                                  struct ds_why *why);
const struct ds_pcap_name *ds_fault_element(const struct ds_net_options *options,
                                            struct ds_slice name);

struct ds_fate {
    const char *lost_by; /* the fault that took it; NULL: it arrives */
    unsigned copies;
    ds_us delay_us;
};

/* A packet on its way, as a whole frame. */
struct ds_passing {
    struct ds_addr from, to;
    struct ds_slice frame;
};

/* What the faults of the moment do to it. */
void ds_faults_decide(struct ds_net *net, const struct ds_passing *packet, struct ds_fate *fate);
/* The same for what a socket of the kernel has brought; `tcp` NULL: a datagram. */
void ds_faults_meet(struct ds_net *net,
                    struct ds_addr from,
                    struct ds_addr to,
                    const struct ds_tcp_mark *tcp,
                    struct ds_slice bytes,
                    struct ds_fate *fate);
/* Bytes of the largest segment from here to there; how long small ones wait for one another; bytes
   a second that are read at this machine (0: as they come). */
size_t ds_faults_segment(struct ds_net *net, struct ds_addr from, struct ds_addr to, size_t usual);
ds_us ds_faults_gather_us(struct ds_net *net, struct ds_addr from, struct ds_addr to);
uint64_t ds_faults_reading(const struct ds_net *net, struct ds_addr at);
void ds_faults_clean_up(struct ds_net *net);

#endif
