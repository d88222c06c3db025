#ifndef DS_CHECK_INTERNAL_H
#define DS_CHECK_INTERNAL_H

/*
 * How a trace is judged. Each requirement has a function of its name; nearly all of them look at
 * one call after the other (a ds_subject: the call, and what the topology knows of it), tally what
 * they meet, and say one finding. Want of memory is sticky (`out_of_memory`).
 */

#include "check.h"

#define DS_SHORT_US         100000            /* calls shorter than this say nothing of audio */
#define DS_FAST_FAILOVER_US INT64_C(10000000) /* EnableFastFailoverTimer: [TC], [KB10] */
#define DS_ENOUGH_AUDIO     3                 /* packets one way, before audio counts as flowing */

/* A user whom a call was for before it went on to another number: topo's ds_call_handling. */
enum ds_leaving { DS_LEFT_AT_ONCE, DS_LEFT_FOR_ANOTHER, DS_LEFT_UNANSWERED };

struct ds_left {
    const struct ds_topo_node *user;
    enum ds_leaving how;           /* for another: who rang along has taken it */
    const struct ds_hop_seen *hop; /* by which it went on */
};

#define DS_MOST_LEFT 8

/* A call, and what the topology knows of it. */
struct ds_subject {
    const struct ds_call *call;
    const struct ds_expected_call *row; /* NULL: `doubt` says why */
    /* Of a call that a transfer made: the one before it; `caller` is who stays. */
    const struct ds_subject *before;
    const struct ds_subject *replaced; /* whose leg's place it takes: ds_call.replaces */
    const char *doubt;
    const struct ds_topo_node *caller, *callee; /* the ends; callee NULL: the number is nobody's */
    char number[64];                            /* dialled, in full where the dial plan knows it */
    /* Those whom it left, in that order: `callee` and `number` tell where it went in the end. */
    struct ds_left left[DS_MOST_LEFT];
    size_t left_count;
    const struct ds_hop_seen
        *beside; /* to a number that rings along and has not taken it, or NULL */
    /* No device of that user had bandwidth for it, and it went to the PSTN instead, where the same
     * one is to be reached. NULL of any other. */
    const struct ds_topo_node *cut_off;
    const struct ds_hop_seen *in_vain; /* by which it was tried there, and went on from there */
    bool stranded; /* all calls to the callee are forwarded, and this one went nowhere */
    bool assigned;
    bool routed; /* false: the pool has no route for this number */
    /* Where the pool's routes have usages, and the call is to leave by one: whose count, and what
     * they admit it to. Else NULL. */
    const struct ds_usages *usages;
    const struct ds_admitted *admitted;
    /* Only for calls of an Enterprise Voice user that cross the Mediation Server. */
    const struct ds_topo_node *client, *mediation, *peer;
    const struct ds_trunk *trunk;
    bool crossed;   /* an INVITE went over that trunk */
    bool bypass;    /* the topology allows the direct path, here or of a call that comes back */
    size_t reading; /* which of the row's readings the signalling follows best */
    int64_t up_us;  /* how long it was answered; 0: never */
    uint64_t late_packets; /* RTP after it was cleared, and a grace */
    uint32_t late_frame;
};

/* The messages of one transaction on one hop, in order; the first is its request. */
struct ds_txn_seen {
    const struct ds_event **events;
    size_t count;
};

struct ds_judge {
    const struct ds_trace *trace; /* borrowed */
    const struct ds_topo *topo;   /* borrowed */
    struct ds_findings *findings; /* borrowed */
    struct ds_subject *subjects;  /* one for each call of the trace, in its order; in the arena */
    const struct ds_event **outside; /* messages of no call; in the arena */
    size_t outside_count;
    struct ds_txn_seen *txns; /* by branch and method; in the arena */
    size_t txn_count;
    const struct ds_event **last_words; /* the last message of each address; in the arena */
    size_t last_word_count;
    int64_t *pauses; /* the longest between two packets of each flow of the trace; in the arena */
    /* of the requirement at hand */
    const struct ds_requirement *requirement;
    const struct ds_call *call; /* what findings are said of; NULL: the trace */
    const char *sought;         /* for the sentence of not-seen: "no … was met" */
    size_t said;
    bool out_of_memory;
};

typedef void ds_check_fn(struct ds_judge *judge);

#define REQUIREMENT(function, id, sentence, source, grade)                                         \
    void ds_check_##function(struct ds_judge *judge);
#include "requirements.def"
#undef REQUIREMENT

ds_check_fn *ds_requirement_check(size_t index);

/* ---- evidence ---- */

struct ds_evidence {
    uint32_t frames[DS_FINDING_MAX_FRAMES];
    size_t count;
};

void ds_evidence_add(struct ds_evidence *evidence, uint32_t frame);

/* What was met that is as it should be, and what is not. */
struct ds_tally {
    size_t good, bad;
    struct ds_evidence good_frames, bad_frames;
    char first_bad[256];
};

void ds_tally_good(struct ds_tally *tally, uint32_t frame);
DS_PRINTF(3, 4)
void ds_tally_bad(struct ds_tally *tally, uint32_t frame, const char *fmt, ...);

/* Says a finding that rests on what was seen. */
DS_PRINTF(4, 5)
void ds_judge_say(struct ds_judge *judge,
                  enum ds_verdict verdict,
                  const struct ds_evidence *evidence,
                  const char *fmt,
                  ...);
/* Says one that rests on something not being there: unclear where the capture has gaps. */
DS_PRINTF(4, 5)
void ds_judge_absent(struct ds_judge *judge,
                     enum ds_verdict verdict,
                     const struct ds_evidence *evidence,
                     const char *fmt,
                     ...);
/* Fails with the first bad one, else passes with "3 <good>", else says nothing. */
void ds_judge_tally(struct ds_judge *judge, const struct ds_tally *tally, const char *good);
/* The same where what is bad is that something was not seen: as ds_judge_absent(). */
void ds_judge_tally_seen(struct ds_judge *judge, const struct ds_tally *tally, const char *good);

/* Appends without saying why; NULL when out of memory. */
struct ds_finding *ds_findings_put(struct ds_findings *findings,
                                   const struct ds_requirement *requirement,
                                   enum ds_verdict verdict,
                                   const struct ds_call *call,
                                   const char *sentence);

/* ---- one call after the other ---- */

typedef void ds_call_rule_fn(struct ds_judge *judge, const struct ds_subject *subject);
/* Asks the rule of each call. `sought` is what it looks for, as in "no … was met". */
void ds_judge_calls(struct ds_judge *judge, const char *sought, ds_call_rule_fn *rule);

/* Messages of one call, or those outside all calls. */
typedef void
ds_event_rule_fn(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally);
void ds_judge_messages(struct ds_judge *judge,
                       const char *sought,
                       const char *good,
                       ds_event_rule_fn *rule);

/* Legs of one call, or those that are no call's. */
typedef void
ds_leg_rule_fn(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally);
void ds_judge_legs(struct ds_judge *judge,
                   const char *sought,
                   const char *good,
                   ds_leg_rule_fn *rule);

typedef void
ds_txn_rule_fn(struct ds_judge *judge, const struct ds_txn_seen *txn, struct ds_tally *tally);
bool ds_judge_collect_transactions(struct ds_judge *judge, struct ds_arena *arena);
void ds_judge_transactions(struct ds_judge *judge,
                           const char *sought,
                           const char *good,
                           ds_txn_rule_fn *rule);

/* A stretch of a call on a trunk, from one agreement on its audio to the next, or to the first BYE
   on any leg: on that of a dead peer there may be none. */
enum ds_phase { DS_PHASE_OTHER, DS_PHASE_ACTIVE, DS_PHASE_HELD };

struct ds_stretch {
    const struct ds_judge *judge;
    const struct ds_call *call;
    const struct ds_trunk *trunk;
    enum ds_phase phase;
    bool resumed; /* active, and held before */
    int64_t from, to;
    uint32_t frame;         /* where it begins */
    struct ds_addr peer[8]; /* where the peer's audio was announced */
    size_t peer_count;
};

typedef void ds_stretch_rule_fn(const struct ds_stretch *stretch, struct ds_tally *tally);
void ds_judge_stretches(struct ds_judge *judge,
                        const char *sought,
                        const char *good,
                        ds_stretch_rule_fn *rule);
bool ds_stretch_is_peer(const struct ds_stretch *stretch, struct ds_addr at);

/* Requests for a call on one hop, each with the SIP trunk of the Mediation Server it took (NULL:
 * none). */
typedef void ds_hop_rule_fn(const struct ds_judge *judge,
                            const struct ds_hop_seen *hop,
                            const struct ds_trunk *trunk,
                            struct ds_tally *tally);
void ds_judge_hops(struct ds_judge *judge,
                   const char *sought,
                   const char *good,
                   ds_hop_rule_fn *rule);

/* ---- what the topology knows ---- */

bool ds_subject_fill(struct ds_judge *judge,
                     struct ds_subject *subject,
                     const struct ds_call *call);
bool ds_subject_is(const struct ds_subject *subject, enum ds_party from, enum ds_party to);
bool ds_subject_is_end(const struct ds_subject *subject, const struct ds_topo_node *node);
/* Nothing more is heard of an element, though it had the time for it that RFC 3261 gives (Timer F):
 * what it owes, it owes because it is gone. */
bool ds_judge_is_gone(const struct ds_judge *judge, struct ds_addr who, int64_t since);
bool ds_judge_is_heard(const struct ds_judge *judge, struct ds_addr who, int64_t since);
/* It spoke before, and never since. */
bool ds_judge_fell_silent(const struct ds_judge *judge, struct ds_addr who, int64_t since);
/* Answered and up for long enough. Says not-seen of an answered call that was not. */
bool ds_subject_was_up(struct ds_judge *judge, const struct ds_subject *subject);
bool ds_is_role(const struct ds_topo_node *node, enum ds_role_kind role);
bool ds_is_peer(const struct ds_topo_node *node); /* where trunks of a Mediation Server end */
bool ds_is_external(const struct ds_topo_node *node);
const char *ds_node_name(const struct ds_topo_node *node); /* "a stranger" for NULL */
/* The SIP trunk of a Mediation Server between two nodes; NULL: none. */
const struct ds_trunk *ds_judge_trunk(const struct ds_judge *judge,
                                      const struct ds_topo_node *a,
                                      const struct ds_topo_node *b);

/* Between a client and its own relayed address, which it knows before anybody is told: what it
 * sends goes on from there, and is judged there. */
bool ds_judge_is_relay_leg(const struct ds_judge *judge, const struct ds_flow *flow);

/* What the topology's routes say of a call at the Mediation Server, come from the pool. `out`
 * receives the number as it goes on. NULL: none. */
const struct ds_route *ds_route_out(const struct ds_judge *judge,
                                    const struct ds_call *call,
                                    const struct ds_topo_node *mediation,
                                    struct ds_slice number,
                                    char *out,
                                    size_t size);

/* ---- roads of calls that were seen ---- */

/* The first hop that is looked at around this one: no round is longer. */
size_t ds_road_near(size_t at);
/* What the Mediation Server meets there besides the pool: a gateway, an analogue one, a carrier's
 * session border controller, or a PBX. */
enum ds_role_kind ds_road_peer(const struct ds_road *road);
/* What a call with these ends and this number is to take; false: not so many readings. */
bool ds_road_of(const struct ds_subject *subject, size_t reading, struct ds_road *out);

/* A try that its caller left for another one, or what lies beyond it: not on the call's road. */
bool ds_hop_is_aside(const struct ds_call *call, size_t at);

/* Follows the INVITE along a road. */
struct ds_walk {
    size_t reached;                  /* how many elements it came to; 0: none */
    const struct ds_hop_seen *last;  /* the hop that came furthest */
    const struct ds_hop_seen *extra; /* a hop that is not on the road, or NULL */
};

void ds_road_walk(const struct ds_subject *subject,
                  const struct ds_road *road,
                  struct ds_walk *walk);
/* The element at a place of a road, for this call. */
const struct ds_topo_node *ds_road_node(const struct ds_judge *judge,
                                        const struct ds_subject *subject,
                                        const struct ds_road *road,
                                        size_t at);
void ds_road_text(const struct ds_road *road, char *out, size_t size);

/* ---- calls that are to be refused (foreign_rules.c, stranger_rules.c) ---- */

/* It offers nothing that the other side of a trunk speaks: it is to be refused (MED-31). */
bool ds_hop_is_foreign(const struct ds_judge *judge, const struct ds_hop_seen *hop);
/* Goes over TLS under somebody else's name, so that nobody hears it: in TLS 1.3 a client speaks
 * before it knows whether its certificate is taken (certificate_rules.c). */
bool ds_hop_is_shut_out(const struct ds_judge *judge, const struct ds_hop_seen *hop);
/* From somebody that the Mediation Server has no trunk to: it is to go no further (SIG-14). */
bool ds_hop_is_from_stranger(const struct ds_judge *judge, const struct ds_hop_seen *hop);

/* ---- messages ---- */

bool ds_event_is_on(const struct ds_event *event, const struct ds_hop_seen *hop); /* either way */
bool ds_event_requests(const struct ds_event *event, const char *method);
/* A response to an INVITE with a status in low … high. */
bool ds_event_answers_invite(const struct ds_event *event, int low, int high);
int ds_event_reported(const struct ds_event *event); /* by NOTIFY (RFC 3515 2.4.4); 0: nothing */
bool ds_event_is_reinvite(const struct ds_event *event);
bool ds_event_diagnoses(const struct ds_event *event, const char *id); /* in ms-diagnostics: 5.5 */
/* The first response of a call that does, or NULL. */
const struct ds_event *ds_call_diagnosed(const struct ds_call *call, const char *id);
/* The request before a leg's n-th message that this answers, by hop, method and CSeq number; of
 * several the one with its branch, else the latest. NULL: none was captured. */
const struct ds_event *ds_leg_request(const struct ds_leg *leg, size_t index);
/* The first response with a status in low … high to the INVITE of a hop, or NULL. */
const struct ds_event *ds_hop_response(const struct ds_hop_seen *hop, int low, int high);
/* Its caller has turned away from it: cancelled it on its own account, or waited in vain for longer
 * than fast failover does, or tried elsewhere after 503 or 504. It says nothing of the callee. */
bool ds_hop_was_left(const struct ds_call *call, const struct ds_hop_seen *hop);
/* The user part of a header's URI, or of the Request-URI where `header` is NULL. */
struct ds_slice ds_event_user(const struct ds_event *event, const char *header);
/* Who calls, as elements of the platform tell one another: the number that they assert, or From. */
struct ds_slice ds_event_calling_number(const struct ds_event *invite);
/* Audio of the message's description, or NULL. */
const struct ds_sdp_media *ds_event_audio(const struct ds_event *event);
struct ds_slice ds_slice_skip(struct ds_slice text, const char *set); /* leading bytes in `set` */
struct ds_slice ds_number_without_plus(struct ds_slice number);

/* ---- the way past the Mediation Server (bypass_path.c) ---- */

/* Only a call that came over the trunk met the Mediation Server's decision: OPT-01 and TOPO-11
 * judge the others. */
bool ds_meets_decision(const struct ds_subject *subject);
bool ds_may_bypass(const struct ds_subject *subject);
bool ds_flows_both_ways(const struct ds_call *call,
                        const struct ds_topo_node *a,
                        const struct ds_topo_node *b,
                        struct ds_evidence *evidence);
void ds_say_one_way(struct ds_judge *judge,
                    const struct ds_call *call,
                    const struct ds_topo_node *a,
                    const struct ds_topo_node *b);
/* Audio is to be relayed, for the reason that `why` gives. */
void ds_demand_relay(struct ds_judge *judge, const struct ds_subject *subject, const char *why);

/* ---- audio ---- */

bool ds_media_walk(struct ds_judge *judge, struct ds_arena *arena); /* false: out of memory */
uint64_t ds_call_packets(const struct ds_call *call,
                         const struct ds_topo_node *from,
                         const struct ds_topo_node *to);
/* The first flow of the call to or from a node, or NULL. */
const struct ds_flow *ds_call_flow_at(const struct ds_call *call, const struct ds_topo_node *node);
void ds_flow_text(const struct ds_flow *flow, char *out, size_t size);

#endif
