#ifndef DS_PLANNING_H
#define DS_PLANNING_H

/*
 * What follows from a topology before anything is built: which way each call takes, how many
 * channels the busy hour wants of each trunk, whose audio passes which element, and what becomes of
 * each call where an element has failed. It rests on what the option lays down (check's
 * options.def) and on the topology's own lines; elements take no part, so that what they do can be
 * held against it. Users of a population are spread evenly over those that the topology lists.
 */

#include "check.h"

/* ---- Erlang B (ITU-T E.501): calls that find every channel taken go away ---- */

/* The share of calls that are lost, 0 to 1. */
double ds_erlang_b(double erlangs, uint32_t channels);
/* The fewest channels that lose no greater share than `blocking`, which is more than 0. */
uint32_t ds_erlang_channels(double erlangs, double blocking);

/* ---- what one call does ---- */

struct ds_way { /* the elements it passes, both ends among them */
    const struct ds_topo_node *nodes[2 * DS_ROAD_MOST];
    size_t count;
};

struct ds_course {
    const struct ds_expected_call *row; /* NULL: the option knows no such call */
    bool possible;                      /* the routes lead there; else both ways are empty */
    struct ds_way signalling, audio;
    bool from_remote, to_remote;  /* that end is outside the enterprise */
    const struct ds_trunk *trunk; /* of the Mediation Server, where it decides on bypass; or NULL */
    bool bypass;                  /* the audio passes that server by */
    size_t turns; /* how many ways such calls take in turn: 1, or the members of a pool */
    const struct ds_topo_node *member; /* whose turn it is; NULL where there is one way */
};

/* `without` (or NULL) has failed: it answers nobody. A Mediation Server tries the next hop of a
 * route then (domain.md 3.3), no further than trunks with fast failover; everybody else the next
 * Mediation Server. `turn`, from 0: of calls that are spread, the first, the second, and so on. */
void ds_course_find(const struct ds_topo *topo,
                    const struct ds_topo_node *caller,
                    const struct ds_topo_node *callee,
                    const struct ds_topo_node *without,
                    size_t turn,
                    struct ds_course *out);
bool ds_way_has(const struct ds_way *way, const struct ds_topo_node *node);
bool ds_way_equal(const struct ds_way *a, const struct ds_way *b);

/* ---- all calls ---- */

/* Calls that do the same, whatever fails and whether bypass is switched on or off: between other
 * people, but past the same elements. */
struct ds_call_kind {
    const struct ds_expected_call *row;
    const struct ds_topo_node *caller, *callee; /* one pair of them */
    size_t pairs;                    /* those whose calls are spread are in several kinds */
    double erlangs;                  /* of them all, in the busy hour */
    const struct ds_course *planned; /* as the topology says */
    const struct ds_course *without; /* beside elements: with each of them failed */
    const struct ds_course *bypass_on, *bypass_off; /* for the enterprise */
};

enum ds_fate { DS_FATE_SAME, DS_FATE_ELSEWHERE, DS_FATE_STOPS };

struct ds_element_load {
    const struct ds_topo_node *node;
    double calls;                      /* erlangs of calls that signal through it */
    double audio, audio_on, audio_off; /* whose audio passes it: as planned, and with bypass
                                          switched on or off for the enterprise */
};

struct ds_trunk_load {
    const struct ds_trunk *trunk;
    double erlangs, worst_erlangs; /* as planned, and with the one element failed that adds most */
    const struct ds_topo_node *worst_without; /* NULL: none adds anything */
    uint32_t channels, worst_channels;        /* for these at the blocking of the traffic */
    uint32_t spans_e1, spans_t1;              /* whole ones for `channels`; 0 where it is not tdm */
    double blocking; /* with the channels that the topology gives it; 0: no limit is given */
};

/* What the planning page promises or warns of, and what is so here. */
struct ds_answer {
    const char *name;     /* "earlier_devices" */
    const char *question; /* as something that is so, or is not */
    bool holds;
    const char *sentence; /* in numbers and names */
};

struct ds_planning {
    const struct ds_topo *topo; /* borrowed: outlives us */
    struct ds_traffic traffic;
    const struct ds_topo_node **elements; /* whatever is no person, in name order */
    size_t element_count;
    struct ds_call_kind *kinds;
    size_t kind_count;
    struct ds_element_load *loads; /* beside elements */
    struct ds_trunk_load *trunks;  /* beside topo->trunks */
    const struct ds_answer *answers;
    size_t answer_count;
};

/* `arena` owns everything. */
DS_MUST_USE ds_rc ds_planning_make(const struct ds_topo *topo,
                                   const struct ds_traffic *traffic,
                                   struct ds_arena *arena,
                                   const struct ds_planning **out,
                                   struct ds_why *why);
/* What becomes of new calls of this kind where that element has failed. */
enum ds_fate ds_planning_fate(const struct ds_call_kind *kind, size_t element);
/* Is it the home of this one's users? A second device of a user is counted with the first. */
bool ds_planning_serves(const struct ds_topo_node *element, const struct ds_topo_node *node);
/* How many users one that the topology lists stands for; 0 for what is no user. */
double ds_planning_users(const struct ds_planning *planning, const struct ds_topo_node *node);

#endif
