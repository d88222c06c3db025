#ifndef DS_ADMISSION_INTERNAL_H
#define DS_ADMISSION_INTERNAL_H

/* Call admission control ([CAC], [MED]; domain.md 2.4): who answers a call asks the bandwidth
 * policy service of the pool for the path to whoever calls, before anybody rings (admission.c); a
 * Mediation Server asks on behalf of its trunks' peers, too (mediation_admission.c). */

#include "bandwidth.h"
#include "bridge_internal.h"

/* ---- who asks (admission.c) ---- */

/* One path of a call that is asked for, or reserved. Its node owns it, until it has been given back
 * and the service has said so. */
struct ds_admission;

/* What the service says. One that does not answer enforces nothing, and grants it ([CAC]). */
enum ds_admission_verdict {
    DS_ADMITTED,
    DS_ADMITTED_BY_INTERNET, /* from relay to relay, and no other way */
    DS_NOT_ADMITTED,
    DS_NOT_ADMITTED_BUT_PSTN /* it may be tried there */
};

typedef void ds_admission_fn(void *owner, enum ds_admission_verdict verdict);

struct ds_admission_wish {
    struct ds_addr local, remote;             /* where the audio is to flow */
    struct ds_addr local_relay, remote_relay; /* or by which relays; port 0: there are none */
    struct ds_slice call_id;
    bool checked; /* false: it is reserved in any case, as the call is up */
    ds_admission_fn *done;
    void *owner;
};

/* Nothing is asked, and NULL returned, where the deployment has no admission control, and where
 * want of memory or ports keeps it from being asked: then `done` is not called. */
struct ds_admission *ds_admission_ask(struct ds_node *node, const struct ds_admission_wish *wish);
/* Gives it back, whatever has come of it; `done` is not called any more. Harmless for NULL. */
void ds_admission_release(struct ds_admission **admission);
void ds_admissions_free(struct ds_node *node);
size_t ds_admissions_held(const struct ds_node *node); /* those that no call has given back */

/* ---- ends (end_admission.c) ---- */

/* An incoming call whose end has to ask first: nobody is told of it before, or ever. */
void ds_end_ask_for_bandwidth(struct ds_end *end, const struct ds_msg *invite);
/* It is to go by the Internet, and its candidates may be there. */
void ds_end_go_by_internet(struct ds_end *end);

/* ---- the Mediation Server (mediation_admission.c) ---- */

/* Calls on where the paths to both sides have room; else refuses. */
void ds_mediation_call_admitted(struct ds_bridge *bridge);
/* The call from a trunk is up, or any is over. */
void ds_mediation_reserve(struct ds_bridge *bridge, enum ds_bridge_event event);

/* ---- the service of the pool (admission_service.c) ---- */

struct ds_policy_service;

DS_MUST_USE ds_rc ds_policy_service_new(struct ds_node *node,
                                        struct ds_policy_service **out,
                                        struct ds_why *why);
void ds_policy_service_free(struct ds_policy_service **service);

/* Writes the line that tells why a call has no room, by ids 4 and 5 of [OCER]: whether it may be
 * tried over the PSTN. */
void ds_admission_diagnose(const struct ds_node *node, bool over_pstn, char *out, size_t size);
#define DS_NO_BANDWIDTH_STATUS 488

#endif
