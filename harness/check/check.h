#ifndef DS_CHECK_H
#define DS_CHECK_H

/*
 * Requirements, and what a trace says of each. Requirements are data (requirements.def: id,
 * sentence, source, grade); what each deployment option expects of each call is data too
 * (options.def, from the tables of domain.md 1.3 to 1.7). A check sees the trace and the topology,
 * nothing else. A check that matched nothing says not-seen, never pass.
 */

#include "trace.h"

enum ds_verdict { DS_PASS, DS_FAIL, DS_UNCLEAR, DS_NOT_SEEN };

const char *ds_verdict_name(enum ds_verdict verdict); /* "not-seen" */

/* How sure the source is (domain.md 0): documented, inferred, from memory. */
enum ds_grade { DS_DOCUMENTED, DS_INFERRED, DS_FROM_MEMORY };

struct ds_requirement {
    const char *id;       /* "BYP-01" */
    const char *sentence; /* what must hold */
    const char *source;   /* "[MB],[SEED]", "RFC 3261 17.1.1.3" */
    enum ds_grade grade;
};

const struct ds_requirement *ds_requirements(size_t *count); /* as listed in requirements.def */
const struct ds_requirement *ds_requirement_find(struct ds_slice id); /* NULL: none */
/* Does it hold whatever the network does (invariants.def)? */
bool ds_requirement_in_any_weather(const struct ds_requirement *requirement);

/* ---- what an option expects of a call ---- */

enum ds_party {
    DS_PARTY_EV,
    DS_PARTY_PSTN,
    DS_PARTY_PBX,
    DS_PARTY_ANALOGUE,
    DS_PARTY_FAX,
    DS_PARTY_UM,
    DS_PARTY_CONFERENCE,
    DS_PARTY_PARK
};

struct ds_expected_call {
    enum ds_option option;
    bool forwarded;   /* in by a trunk and out by one: FORWARDED of options.def */
    const char *name; /* "ev_to_pstn" */
    enum ds_party from, to;
    const char *route; /* "client pool mediation gateway pbx pstn"; a second reading after "|" */
    const char *media_bypassed; /* "client gateway pbx pstn": neighbours exchange RTP */
    const char *media_relayed;  /* "client mediation gateway pbx pstn" */
    const char *silent;         /* roles that take no part, in signalling and media; "" for none */
    const char *rules;          /* ids this row proves, separated by spaces */
    const char *source;         /* "domain.md 1.3, EV→PSTN" */
};

const struct ds_expected_call *ds_expected_calls(size_t *count);
/* The row for two parties in an option, or NULL where such a call cannot exist. */
const struct ds_expected_call *
ds_expected_find(enum ds_option option, enum ds_party from, enum ds_party to);
/* The same for the party that stays and the target of a transfer, where that takes a road of its
 * own (transfers.def); else NULL. */
const struct ds_expected_call *
ds_expected_transfer(enum ds_option option, enum ds_party from, enum ds_party to);
/* The same of a call that comes in by a trunk and leaves by one: its user has sent it on, or it is
 * between two PBXs; where it takes the road of any other, that. */
const struct ds_expected_call *
ds_expected_forwarded(enum ds_option option, enum ds_party from, enum ds_party to);
bool ds_is_between_pbxs(const struct ds_topo_node *caller, const struct ds_topo_node *callee);
/* What a node counts as, by its role and home. False for elements that are no party. */
bool ds_party_of(const struct ds_topo_node *node, enum ds_party *out);
/* Is there somebody to make such a call, and somebody to take it? Nobody makes a forwarded one: it
 * becomes that on its way. */
bool ds_expected_has_ends(const struct ds_expected_call *row, const struct ds_topo *topo);
/* Ids a row is to prove in this topology: bypass rules follow its bypass settings. Writes at most
 * `most`. */
size_t ds_expected_rules(const struct ds_expected_call *row,
                         const struct ds_topo *topo,
                         bool answered,
                         const struct ds_requirement **out,
                         size_t most);

/* ---- the roads it lays down: "client pool mediation gateway" ---- */

#define DS_ROAD_MOST 12

struct ds_road {
    enum ds_role_kind roles[DS_ROAD_MOST];
    size_t count;
};

/* The n-th reading between "|"; false: there are not so many. */
bool ds_road_parse(const char *text, size_t reading, struct ds_road *out);
bool ds_road_has(const struct ds_road *road, enum ds_role_kind role);
/* Does nothing where the road is full. */
void ds_road_insert(struct ds_road *road, size_t at, enum ds_role_kind role);

/* ---- by which trunks a number may leave (domain.md 3.2) ---- */

#define DS_TRUNKS_MOST 16

/* In the order in which they are to be tried, each with the route that leads to it. */
struct ds_admitted {
    const struct ds_trunk *trunks[DS_TRUNKS_MOST];
    const struct ds_route *routes[DS_TRUNKS_MOST];
    size_t count;
    size_t of_first_usage; /* so many of them are the first usage's that has any */
    bool by_location;      /* they are the site's, or some are left out (domain.md 3.5) */
};

/* `location`: where the call is made; NULL: nobody knows. */
void ds_admitted_find(const struct ds_topo *topo,
                      const struct ds_usages *usages,
                      const struct ds_site *location,
                      struct ds_slice number,
                      struct ds_admitted *out);

/* ---- findings ---- */

#define DS_FINDING_MAX_FRAMES 8

struct ds_finding {
    const struct ds_requirement *requirement; /* NULL: an expectation of the scenario's own */
    enum ds_verdict verdict;
    const char *sentence; /* what was seen, in names and numbers */
    const char *where;    /* "scenarios/x.lua:28" for expectations, else NULL */
    uint32_t frames[DS_FINDING_MAX_FRAMES];
    size_t frame_count;
    const struct ds_call *call; /* or NULL */
};

struct ds_findings {
    struct ds_finding *list;
    size_t count, cap;
    struct ds_arena *arena; /* borrowed */
};

/* Appends one finding per requirement and call it concerns, and one not-seen per requirement that
 * met nothing. DS_STATE: the trace was read without this topology. */
DS_MUST_USE ds_rc ds_check(const struct ds_trace *trace,
                           const struct ds_topo *topo,
                           struct ds_findings *out,
                           struct ds_why *why);
/* Appends one; the sentence is copied. For expectations and for the checks themselves. */
DS_PRINTF(5, 6)
struct ds_finding *ds_findings_add(struct ds_findings *findings,
                                   const struct ds_requirement *requirement,
                                   enum ds_verdict verdict,
                                   const struct ds_call *call,
                                   const char *fmt,
                                   ...);
/* The worst over all findings of a requirement: fail, unclear, not-seen, pass; not-seen only where
 * nothing else is. */
enum ds_verdict ds_findings_verdict(const struct ds_findings *findings,
                                    const struct ds_requirement *requirement);

#endif
