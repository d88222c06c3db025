#ifndef DS_SIM_H
#define DS_SIM_H

/*
 * For those who steer a network: let things go wrong, and in a simulated one choose what arrives
 * next. Elements know nothing of it.
 */

#include "net.h"

/* ---- what goes wrong on purpose ---- */

/* One line, one fault: "lose 5% of udp and dst host gateway at 2s for 10s" (docs/simulation.md).
   It draws on a seed of its own, so that one fault more or less changes nothing about the others.
   DS_BAD with a sentence for a line that makes no sense. */
struct ds_fault;
DS_MUST_USE ds_rc ds_fault_start(struct ds_net *net,
                                 const char *line,
                                 struct ds_fault **out,
                                 struct ds_why *why);
/* Would it be read, where these machines stand, and can it be on sockets? */
DS_MUST_USE ds_rc ds_fault_check(const struct ds_pcap_name *names,
                                 size_t name_count,
                                 const char *line,
                                 bool on_sockets,
                                 struct ds_why *why);
/* The fault is over; what it killed or froze goes on. Also done by ds_net_free(). */
void ds_fault_stop(struct ds_fault **fault);
void ds_faults_stop(struct ds_net *net); /* all of them; handles to them are good no more */

/* ---- order of arrival ---- */

/* A packet with part of a message in it, on its way. */
struct ds_net_flight {
    uint64_t id; /* the same in each run that went the same way so far */
    struct ds_addr from, to;
    bool in_order; /* of a stream: cannot overtake what was sent before it */
    bool waits;    /* behind another of its stream */
};

/* Says which arrives next, one that does not wait: there is at least one. From now on nobody else
   does, and time stands still while any is on its way. NULL: first come, first served, as ever. */
typedef size_t ds_net_choose_fn(void *owner, const struct ds_net_flight *flights, size_t count);
void ds_net_choose(struct ds_net *net, ds_net_choose_fn *choose, void *owner);

#endif
