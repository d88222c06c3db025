#ifndef DS_CLI_INTERNAL_H
#define DS_CLI_INTERNAL_H

#include "calls.h"
#include "cli.h"
#include "page.h"
#include "report.h"
#include "script.h"

#define EXIT_STATUS(name, number, meaning) DS_EXIT_##name = (number),

enum ds_exit {

#include "exit_status.def"
};
#undef EXIT_STATUS

#define MOST_WORDS  256
#define MOST_FAULTS ((size_t)32)

/* The command line, read: each option's text, NULL where it was not given. */
struct ds_options {
#define OPTION(field, name, letter, argument, verbs, sentence) const char *field;
#include "options.def"
#undef OPTION
    const char *defects[DS_NODE_MAX_DEFECTS];
    size_t defect_count;
    const char *faults[MOST_FAULTS + 1]; /* ended by NULL */
    size_t fault_count;
    const char *words[MOST_WORDS]; /* what is no option */
    size_t word_count;
    bool help;
};

/* What has been read stays read, for workers too, which begin with what their parent has (kept.c).
 */
struct ds_kept_files {
    struct ds_code *code;
    struct ds_kept_file *topologies; /* the newest first */
    struct ds_kept_choice *choices;  /* the one that was asked for last first */
};

struct ds_context {
    const char *verb;
    struct ds_options options;
    const char *root; /* holds lua, scenarios, topologies */
    char lua_root[1024];
    struct ds_arena *arena;      /* owned */
    struct ds_terminal out, err; /* colour and width of stdout and stderr */
    bool err_is_terminal;
    const char *github; /* the word that lets commands work again; NULL: no step of GitHub's */
    bool wants_page;    /* results carry what the report's page shows */
    struct ds_kept_files kept; /* in the arena */
};

typedef int ds_cmd_fn(struct ds_context *context);
#define VERB(word, function, arguments, sentence) ds_cmd_fn function;
#include "verbs.def"
#undef VERB

/* Says why on stderr, in one line, and returns `status`. */
DS_PRINTF(2, 3) int ds_say(int status, const char *fmt, ...);
/* Before anything else is done (memory.c). */
void ds_memory_prepare(void);
/* DS_BAD with the sentence for a person. */
DS_MUST_USE ds_rc ds_options_read(const char *verb,
                                  int argc,
                                  char **argv,
                                  struct ds_options *out,
                                  struct ds_why *why);
DS_MUST_USE ds_rc ds_option_number(const char *text,
                                   const char *what,
                                   uint64_t most,
                                   uint64_t *out,
                                   struct ds_why *why);
/* Of -j; 0 where the command line leaves it to us. */
DS_MUST_USE ds_rc ds_option_jobs(const struct ds_options *options,
                                 uint64_t *out,
                                 struct ds_why *why);
/* Names each misbehaviour in full; anything that is none of ours is refused. */
DS_MUST_USE ds_rc ds_option_defects(struct ds_context *context, struct ds_why *why);
DS_MUST_USE ds_rc ds_option_bypass(const struct ds_options *options, int *out, struct ds_why *why);
/* Does a list of verbs, as options.def writes it, have this one? */
bool ds_option_is_for(const char *verbs, const char *verb);
void ds_print_help(const struct ds_context *context, const char *verb);
const char *ds_version(void);

/* ---- where things are (places.c) ---- */

const char *ds_report_folder(const struct ds_context *context);
/* reports/viewer below the root: what the report's page is made from. NULL: no memory. */
const char *ds_viewer_folder(const struct ds_context *context);
DS_MUST_USE ds_rc ds_find_root(struct ds_context *context, struct ds_why *why);
/* "behind_pbx", "behind_pbx:bypass_on" or a path, into a file's path and a variant (NULL: none
 * named). */
DS_MUST_USE ds_rc ds_find_topology(struct ds_context *context,
                                   const char *name,
                                   const char **path,
                                   const char **variant,
                                   struct ds_why *why);
/* The same loaded, with --bypass, and kept as long as `context`. */
DS_MUST_USE ds_rc ds_open_topology(struct ds_context *context,
                                   const char *name,
                                   const struct ds_topo **out,
                                   struct ds_why *why);
/* Every *.lua below a folder, sorted, without its ending and relative to it; ended by NULL. */
DS_MUST_USE ds_rc ds_list_files(struct ds_context *context,
                                const char *folder,
                                const char *const **out,
                                struct ds_why *why);
DS_MUST_USE ds_rc ds_make_folders(const char *path, struct ds_why *why);

/* ---- what is to be run (plan.c) ---- */

struct ds_planned {
    const struct ds_scenario *scenario;
    const char *topology, *topology_path, *variant; /* variant NULL: as written */
    const struct ds_topo *topo;                     /* as written, without a variant */
    const struct ds_expected_call *call;            /* NULL: no pair of parties */
    const char *id;     /* "calls/busy@behind_pbx:bypass_on/ev_to_pstn" */
    const char *folder; /* of its report */
    const char *defect; /* "gateway:no_ack", beside those of the command line; NULL: none */
    enum ds_world_kind world;
    bool has_twin; /* it is run in the other world too, and both are compared */
    size_t twin;   /* which of the plan's runs that is */
    uint64_t seed;
    const char *const
        *faults;         /* beside those of scenario and command line, ended by NULL; or NULL */
    bool in_any_weather; /* judged by what holds in any weather, and by what is left at the end */
    bool comes_to_rest;  /* judged by what is left at the end, too */
    ds_net_choose_fn *choose; /* of what arrives next; NULL: packets arrive as they come */
    void *choose_owner;
    const char *arrivals; /* an order to repeat, as ds_arrivals writes it; NULL: none */
    bool leaves_nothing;  /* where it passes */
};

struct ds_plan {
    struct ds_planned *runs;
    size_t count, cap;
    const struct ds_scenario *elsewhere; /* one that does not run in the world that is wanted */
};

/* The worlds that it makes sense in: where a scenario leaves both open, its faults may not, for no
 * kernel loses segments to order. */
void ds_plan_worlds(const struct ds_planned *run, bool runs_in[DS_WORLD_KINDS]);
/* The scenario's faults and those of the command line, in the world of the run. */
DS_MUST_USE ds_rc ds_plan_check_faults(const struct ds_context *context,
                                       const struct ds_planned *run,
                                       struct ds_why *why);
/* Chosen by the words (patterns), topology, bypass, shard and repeat of the command line. */
DS_MUST_USE ds_rc ds_plan_make(struct ds_context *context, struct ds_plan *out, struct ds_why *why);
bool ds_names_file(const char *word); /* "…/x.lua" */
/* "…/x.lua" of a word that is that, or "…/x.lua@voip_only/ev_to_ev"; empty where it names no file.
 */
struct ds_slice ds_file_of(const char *word);
DS_MUST_USE ds_rc ds_plan_scenarios(struct ds_context *context,
                                    const struct ds_scenario **out,
                                    size_t *count,
                                    struct ds_why *why);

/* What is known of the words beside options.words: one that is the whole name of a run means no
 * other, though its text may be found in theirs. */
struct ds_words {
    bool is_whole_id[MOST_WORDS];
};

bool ds_is_chosen(const struct ds_options *options,
                  const struct ds_words *words,
                  const struct ds_scenario *scenario,
                  const char *id);
/* Looks for them among the runs of a plan; false where there is none. */
bool ds_find_whole_ids(const struct ds_options *options,
                       const struct ds_plan *plan,
                       struct ds_words *words);
/* '*' and '?' as in a shell over the whole id, or a plain word found anywhere in it. */
bool ds_pattern_matches(const char *pattern, const char *id);
/* K of N from --shard or the environment of GitLab, Slurm and Kubernetes; 1 of 1 where there is
 * none. */
DS_MUST_USE ds_rc ds_shard_read(const char *text,
                                uint64_t *part,
                                uint64_t *parts,
                                struct ds_why *why);
bool ds_shard_has(const char *id, uint64_t part, uint64_t parts);

/* ---- running it (plan_run.c, one_run.c) ---- */

struct ds_plan_run {
    struct ds_context *context;
    const struct ds_plan *plan;
    struct ds_run_result *results; /* beside plan->runs; id NULL: interrupted before it began */
    size_t at_once;                /* workers; 0: what suits the world and this machine */
    void (*ended)(void *owner, const struct ds_run_result *result);
    void (*progress)(void *owner, size_t ended, size_t running);
    void *owner;
    size_t ended_count;             /* out */
    double seconds[DS_WORLD_KINDS]; /* out: wall time of each world's runs */
    size_t compared, different;     /* out: runs that were done in both worlds */
};

/* DS_GONE when interrupted. Results are owned by the caller, also then. */
DS_MUST_USE ds_rc ds_plan_run(struct ds_plan_run *run, struct ds_why *why);

/* An order of arrival that was written down (arrivals.c): each time the number of the one that
   arrives, of those that do not wait. After its end the first. */
struct ds_arrivals {
    const char *list; /* "0 2 1" */
};

ds_net_choose_fn ds_arrivals_choose; /* the owner is a ds_arrivals */
/* Without the first come, first served at its end. */
DS_MUST_USE ds_rc ds_arrivals_print(const uint8_t *numbers,
                                    size_t count,
                                    struct ds_arena *arena,
                                    const char **out);

/* A run has ended. Where it ended in the other world too, and differs, it has failed: the result
 * says so, and its verdict.json (worlds.c). */
DS_MUST_USE ds_rc ds_worlds_compare(struct ds_plan_run *run, size_t index, struct ds_why *why);

/* Where and when a suite is run (origin.c). */
struct ds_origin {
    char hostname[256], started[32]; /* ISO 8601 */
};

DS_MUST_USE ds_rc ds_origin_find(const struct ds_plan *plan, struct ds_origin *out);
/* What it says of simulated runs alone. */
DS_MUST_USE ds_rc ds_origin_simulated(struct ds_origin *out);

/* Everything comes to rest: a finding of REST-01 and REST-02 each, or one for each thing that is
 * left (calm.c). */
DS_MUST_USE ds_rc ds_calm_down(struct ds_world *world,
                               struct ds_findings *findings,
                               struct ds_why *why);
bool ds_is_calm_requirement(const struct ds_requirement *requirement);

/* What a worker keeps from run to run (kept.c): nothing that shows in any of them. */
struct ds_kept {
    bool is_isolated;            /* the process, since its first run on sockets */
    struct ds_world_kept *world; /* NULL until the first run */
    char capture[32]; /* a file in memory, written anew by each run; "": none could be had */
};

DS_MUST_USE ds_rc ds_kept_start(struct ds_kept *kept, struct ds_why *why);
/* Where a simulated run records: an empty file in memory, or `path` where there is none. */
const char *ds_kept_capture(const struct ds_kept *kept, const char *path);
/* Each is read once, by the first of `context` or of a worker that asks: what Lua files compile to,
 * a topology file as it is written, and (as ds_topo_load()) what is chosen from one. */
DS_MUST_USE ds_rc ds_kept_code(struct ds_context *context,
                               struct ds_code **out,
                               struct ds_why *why);
DS_MUST_USE ds_rc ds_kept_file(struct ds_context *context,
                               const char *path,
                               const struct ds_topo_file **out,
                               struct ds_why *why);
DS_MUST_USE ds_rc ds_kept_topology(struct ds_context *context,
                                   const char *path,
                                   const struct ds_topo_choice *choice,
                                   const struct ds_topo **out,
                                   struct ds_why *why);

/* One run, in a worker: leaves capture and verdict.json, and the result, packed, in `answer`; where
 * even that could not be written, a sentence. Returns DS_EXIT_PASS or DS_EXIT_HARNESS accordingly.
 */
int ds_one_run(struct ds_context *context,
               const struct ds_planned *planned,
               struct ds_kept *kept,
               struct ds_buf *answer);

/* "directsip run 'calls/busy@voip_only/ev_to_ev' --seed 7 …" in a world or in "both": the caller's
 * to free; NULL: no memory. */
char *ds_rerun_command(const struct ds_context *context,
                       const struct ds_planned *planned,
                       const char *world);

/* ---- a capture that the command line names (capture.c, patience.c) ---- */

/* Waits with a growing file, or an interface, until somebody interrupts. */
struct ds_patience {
    int signals;     /* owned: a descriptor */
    unsigned passes; /* over a file in which nothing was new, since the last second */
};

DS_MUST_USE ds_rc ds_patience_begin(struct ds_patience *patience, struct ds_why *why);
void ds_patience_end(struct ds_patience *patience);
ds_trace_wait_fn ds_patience_wait; /* its owner is a struct ds_patience */

/* "-" is what comes in. */
const char *ds_capture_path(const char *word);
/* The first word, with --topology and --keylog; with --follow and --interface where `patience` is
 * not NULL. */
DS_MUST_USE ds_rc ds_capture_open_named(struct ds_context *context,
                                        struct ds_patience *patience,
                                        struct ds_trace_reader **out,
                                        struct ds_why *why);
/* Takes part after part, as long as that goes well, and frees each. */
typedef ds_rc ds_part_fn(void *owner, const struct ds_trace *part, struct ds_why *why);
DS_MUST_USE ds_rc ds_capture_each_part(struct ds_trace_reader *reader,
                                       ds_part_fn *take,
                                       void *owner,
                                       struct ds_why *why);
/* The capture read whole, with each packet of RTP. */
DS_MUST_USE ds_rc ds_capture_read_named(struct ds_context *context,
                                        struct ds_trace **out,
                                        struct ds_why *why);
/* --columns takes the place of the terminal's width; 0 is that of a pipe. */
DS_MUST_USE ds_rc ds_option_columns(struct ds_context *context, struct ds_why *why);
void ds_capture_say_gaps(const struct ds_trace *trace); /* on stderr */

/* ---- of all runs together (reports.c, github.c) ---- */

/* The exit status that the results ask for. */
int ds_suite_status(const struct ds_suite_result *suite);
/* A run's line, and what explains it where it did not pass, on stdout. */
void ds_run_print(const struct ds_context *context, const struct ds_run_result *run);
/* The matrices and the sum, on stdout. */
void ds_suite_print(const struct ds_context *context, const struct ds_suite_result *suite);
/* The page, the files that the command line asks for, and GitHub's annotations. Returns the exit
 * status. */
int ds_suite_write(const struct ds_context *context, const struct ds_suite_result *suite);
/* Before anything is printed: does GitHub read it? */
DS_MUST_USE ds_rc ds_github_begin(struct ds_context *context, struct ds_why *why);
DS_MUST_USE ds_rc ds_github_end(const struct ds_context *context,
                                const struct ds_suite_result *suite,
                                struct ds_why *why);

/* ---- the progress line on a terminal (progress.c) ---- */

struct ds_progress {
    const struct ds_context *context;
    size_t total, failed, shown; /* shown: columns on the screen now */
};

DS_PRINTF(2, 3) void ds_progress_say(struct ds_progress *progress, const char *fmt, ...);
void ds_progress_show(struct ds_progress *progress, size_t done, size_t running);
void ds_progress_hide(struct ds_progress *progress);

#endif
