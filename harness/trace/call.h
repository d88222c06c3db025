#ifndef DS_CALL_H
#define DS_CALL_H

/* The signalling of a capture: messages, legs and calls. Part of trace.h. */

#include "base.h"
#include "sdp.h"
#include "sipmsg.h"
#include "topo.h"

struct ds_flow;
struct ds_leg;
struct ds_call;

/* One SIP message on one hop. */
struct ds_event {
    uint32_t frame; /* the frame that completed it */
    int64_t at;
    struct ds_addr from, to;
    enum ds_transport transport;
    const struct ds_topo_node *from_node, *to_node; /* NULL without a topology, or for strangers */
    const struct ds_msg *msg; /* ds_msg_defect() says what a strict reader refuses */
    const struct ds_sdp *sdp; /* of its first application/sdp part that can be read, and is not
                                 marked as one for older clients beside another; or NULL.
                                 Not to be copied whole: its memory ends behind its last stream */
    const struct ds_sdp *gateway_sdp; /* of an application/gw-sdp part, or NULL */
    bool retransmission; /* the same bytes on the same hop before, or the same transaction's same
                            message */
    struct ds_leg *leg;
};

/* All messages of one Call-ID, on whatever hops a proxy took it over. */
struct ds_leg {
    struct ds_slice call_id;
    const struct ds_event **events;
    size_t event_count;
    const struct ds_event *invite; /* the first INVITE; NULL for REGISTER, OPTIONS … */
    const struct ds_event *refer;  /* the first REFER: its sender is to leave; NULL: none */
    /* By which an end of it is known for the focus of a conference (RFC 4579 4), or as a
     * conferencing server of the topology; NULL: none is. Who asks a focus to call, stays. */
    const struct ds_event *focus;
    const struct ds_leg *named; /* by its INVITE's Replaces (RFC 3891), or NULL */
    struct ds_call *call;       /* NULL where there is no INVITE */
};

enum ds_outcome { DS_UNANSWERED, DS_ANSWERED, DS_REFUSED, DS_CANCELLED };

const char *ds_outcome_name(enum ds_outcome outcome); /* "answered" */

/* One hop that an INVITE took. */
struct ds_hop_seen {
    struct ds_addr from, to;
    const struct ds_topo_node *from_node, *to_node;
    enum ds_transport transport;
    const struct ds_event *invite;
    const struct ds_leg *leg;
    int final_status;             /* of the INVITE on this hop; 0: none seen */
    const struct ds_event *final; /* its first final response, or NULL */
    const struct ds_event *ack;   /* or NULL */
    bool cancelled;               /* a CANCEL was seen on this hop */
};

/* Legs that belong together, joined across back-to-back user agents. */
struct ds_call {
    struct ds_leg **legs;
    size_t leg_count;
    bool ambiguous; /* a tie between candidates when joining; `remark` says which */
    const char *remark;
    const struct ds_event **events; /* of all legs, in order */
    size_t event_count;
    struct ds_hop_seen *hops; /* in the order the INVITE reached them */
    size_t hop_count;
    const struct ds_topo_node *from_node,
        *to_node;                        /* where the first INVITE came from; where it ended */
    char from_number[64], to_number[64]; /* From user of the first INVITE; number dialled */
    enum ds_outcome outcome;             /* as the caller saw it */
    int final_status;                    /* 200, 486 …; 0 when none was seen */
    int64_t began_at, answered_at,
        ended_at;               /* -1 when it never happened; ended: first BYE, or final failure */
    const struct ds_event *bye; /* first, or NULL */
    /* A call that a transfer made: the one that it continues, and the REFER that reached who made
     * it. Both NULL of any other. Its flows are those of the party that stays too. */
    const struct ds_call *continues;
    const struct ds_event *refer;
    /* Where it goes on with another call: the leg of that whose place it takes (Replaces, RFC
     * 3891), at a Mediation Server, or for a focus anywhere. The others are its own from then on.
     * NULL of any other; one that ends where the leg does is a call by itself. */
    const struct ds_leg *replaces;
    const struct ds_call *continued_by; /* an answered one that continues this one, or takes the
                                           place of one of its legs; or NULL */
    struct ds_flow **flows;
    size_t flow_count;
};

/* A leg that the call after this one goes on with. */
bool ds_leg_stays(const struct ds_call *call, const struct ds_leg *leg);

#endif
