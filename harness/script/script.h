#ifndef DS_SCRIPT_H
#define DS_SCRIPT_H

/*
 * Scenarios in Lua: loaded, described, acted (in a state that has a world and no capture) and
 * judged (in another state that has a capture and no world). Most of the API is Lua (lua/ds); this
 * binds the nouns. Every trouble names the scenario's own file and line.
 */

#include "check.h"
#include "run.h"

/* What a scenario says of itself, before anything runs. */
struct ds_scenario {
    const char *name, *path;       /* "calls/busy", "…/scenarios/calls/busy.lua" */
    const char *summary;           /* first sentence of its opening comment */
    const char *const *topologies; /* ended by NULL */
    const char *const *variants;   /* of those topologies; NULL: every variant it has */
    const char *const
        *calls; /* "ev_to_pstn" …: once for each that exists in the option; NULL: once, no pair */
    const char *const *proves;  /* requirement ids beyond those of the option's own row */
    const char *const *defects; /* "node:defect" that this scenario switches on */
    const char *const *faults;  /* that it is run under */
    bool answered;    /* its calls are answered: the media rules of the option's row apply */
    bool stops_short; /* the call is not to reach its callee: of the option's row only the route is
                         to be proven */
    bool race;      /* chance decides what is first: two worlds need to agree on the result only */
    double limit_s; /* scenario time; default 30 */
    bool in_any_weather; /* judged by what holds under any faults, and by what is left at the end */
    const char *arrivals; /* "0 2 1": an order of arrival to repeat; NULL: as packets come */
    bool has_seed;
    uint64_t seed; /* the one it is run with unless the command line says otherwise */
    bool runs_in[DS_WORLD_KINDS]; /* a scenario may name the one world it makes sense in */
};

/* Compiled files, and how states begin, kept for other states of this process and of those that it
 * forks: nothing that shows in any of them. */
struct ds_code;
DS_MUST_USE ds_rc ds_code_new(struct ds_code **out);
void ds_code_free(struct ds_code **code);

/* Where a scenario's file is. */
struct ds_scenario_file {
    const char *lua_root; /* holds ds/init.lua */
    struct ds_code *code; /* borrowed; NULL: nothing is kept */
    const char *path, *name;
};

/* Reads the file without running its acts. */
DS_MUST_USE ds_rc ds_scenario_load(const struct ds_scenario_file *file,
                                   struct ds_arena *arena,
                                   struct ds_scenario *out,
                                   struct ds_why *why);

struct ds_script_trouble {
    struct ds_why why;
    char where[160]; /* "scenarios/calls/busy.lua:12" */
    bool skipped;    /* the scenario asked to be skipped: a tool it needs is absent */
    bool harness;    /* not the scenario's fault, nor the call's: the world broke */
};

struct ds_act {
    const char *lua_root;
    struct ds_code *code; /* borrowed; NULL: nothing is kept */
    const struct ds_scenario *scenario;
    const struct ds_expected_call *call; /* NULL: none */
    struct ds_world *world;
};

/* Runs `run(net)` as a coroutine over the world's loop. DS_BAD with `trouble` when the scenario
 * failed at a line. */
DS_MUST_USE ds_rc ds_scenario_act(const struct ds_act *act, struct ds_script_trouble *trouble);

struct ds_judge_scenario {
    const char *lua_root;
    struct ds_code *code; /* as above */
    const struct ds_scenario *scenario;
    const struct ds_expected_call *call;
    const struct ds_trace *trace;
    const struct ds_topo *topo;
};

/* Runs `expect(wire)`: each expectation appends a finding. DS_BAD with `trouble` for an error in
 * the script itself. */
DS_MUST_USE ds_rc ds_scenario_judge(const struct ds_judge_scenario *judge,
                                    struct ds_findings *findings,
                                    struct ds_script_trouble *trouble);

#endif
