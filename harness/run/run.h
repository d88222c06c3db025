#ifndef DS_RUN_H
#define DS_RUN_H

/*
 * A world built from a topology: clock, network, capture and one node for each element that is not
 * real. It runs until told to close; what it leaves behind is the path of a closed capture. Also
 * the running of many such worlds in processes side by side.
 */

#include "roles.h"
#include "sim.h"

/* Where a run takes place: on sockets, or in memory under a virtual clock that starts at the same
   instant in every run. */
enum ds_world_kind { DS_WORLD_LOOPBACK, DS_WORLD_SIM, DS_WORLD_KINDS };

/* That instant: 2025-06-01 00:00 UTC. */
#define DS_VIRTUAL_EPOCH_US ((int64_t)1748736000 * DS_S)

const char *ds_world_kind_name(enum ds_world_kind kind); /* "sim" */

/* How the packets came into the file. */
enum ds_evidence { DS_CAPTURED_ISOLATED, DS_CAPTURED, DS_RECORDED, DS_SIMULATED };

/* `skips_waits`: see ds_world_skips_waits(). */
const char *ds_evidence_sentence(enum ds_evidence evidence, bool skips_waits);

/* Again: in a process that has been isolated for a run before. */
enum ds_isolate { DS_ISOLATE_AUTO, DS_ISOLATE_AGAIN, DS_ISOLATE_NEVER };

struct ds_world;

/* What worlds of one process leave to the next: nothing that shows in any of them. */
struct ds_world_kept;
DS_MUST_USE ds_rc ds_world_kept_new(struct ds_world_kept **out, struct ds_why *why);
void ds_world_kept_free(struct ds_world_kept **kept);
struct ds_msg_judged *ds_world_kept_judged(struct ds_world_kept *kept);

struct ds_world_options {
    const struct ds_topo *topo;
    uint64_t seed;
    enum ds_evidence evidence; /* from ds_world_prepare(); DS_SIMULATED needs no preparation */
    const char *capture_path;
    struct ds_world_kept *kept; /* borrowed; NULL: nothing is kept */
    bool real_time;             /* on sockets: skip no waits */
    const char *title;          /* which run this is, for the capture's section comment */
    /* What goes wrong from the moment all elements are ready. Ended by NULL, or NULL. */
    const char *const *faults;
};

/* Chooses how evidence is taken and enters a namespace where it may: before the topology is loaded,
   because a shared loopback shifts its addresses (`net_shift`, a slot that no other run holds; held
   until the process ends). */
DS_MUST_USE ds_rc ds_world_prepare(enum ds_isolate isolate,
                                   enum ds_evidence *evidence,
                                   uint8_t *net_shift,
                                   struct ds_why *why);
DS_MUST_USE ds_rc ds_world_new(const struct ds_world_options *options,
                               struct ds_world **out,
                               struct ds_why *why);
/* Runs the loop until all elements are ready (registered); DS_LATE names the one that is not. */
DS_MUST_USE ds_rc ds_world_start(struct ds_world *world, struct ds_why *why);
DS_MUST_USE ds_rc ds_world_turn(struct ds_world *world, ds_us until, struct ds_why *why);
ds_us ds_world_now(const struct ds_world *world);
/* On sockets where all elements are ours: time has gone on to what is due next, as soon as nothing
 * was on its way. Else time is the machine's, or that of the simulated network. */
bool ds_world_skips_waits(const struct ds_world *world);
/* Somebody who is no element of ours takes part from now on: nobody skips anything any more. */
void ds_world_has_guests(struct ds_world *world);
enum ds_world_kind ds_world_kind(const struct ds_world *world);
struct ds_node *ds_world_node(struct ds_world *world, const char *name); /* NULL: none, or real */
const struct ds_topo *ds_world_topo(const struct ds_world *world);
/* Somebody chooses what arrives next, from now on: ds_net_choose(). Simulated worlds only. */
void ds_world_choose(struct ds_world *world, ds_net_choose_fn *choose, void *owner);
/* A fault from now on; the world ends it at the latest. See ds_fault_start(). */
DS_MUST_USE ds_rc ds_world_fault(struct ds_world *world,
                                 const char *line,
                                 struct ds_fault **out,
                                 struct ds_why *why);
bool ds_world_had_faults(const struct ds_world *world); /* since it was started */
/* The element's processes end with the next turn, in either world, and do not come back: its
 * sockets are closed, and what is sent to it finds nobody. Nothing for a real element. */
void ds_world_fail(struct ds_world *world, const char *name);
bool ds_world_had_failures(const struct ds_world *world);
/* Elements are told different things of who is where: then no option says where calls go. */
void ds_world_half_told(struct ds_world *world);
bool ds_world_is_half_told(const struct ds_world *world);
/* Would the line be a fault in this topology and world? */
DS_MUST_USE ds_rc ds_world_check_fault(const struct ds_topo *topo,
                                       enum ds_world_kind world,
                                       const char *line,
                                       struct ds_why *why);
struct ds_log *ds_world_log(struct ds_world *world);
struct ds_tls_authority *ds_world_authority(struct ds_world *world);
/* Ends every fault and runs on until no element holds a call, a transaction or a port any more, and
   no two of them disagree about a call; at most `within_us`. What is left by then is a line each.
   Simulated worlds only. */
DS_MUST_USE ds_rc ds_world_calm(struct ds_world *world,
                                ds_us within_us,
                                struct ds_buf *left,
                                struct ds_buf *disputed,
                                struct ds_why *why);
/* Lets calls that are ending end (at most `grace_us`), stops every node, takes the last frames and
   closes the capture. Frees the world also on failure. */
DS_MUST_USE ds_rc ds_world_close(struct ds_world **world, ds_us grace_us, struct ds_why *why);

/* ---- many runs side by side ---- */

/* In a worker, a process of our own: does job `index`. What it writes into `answer` reaches the
 * parent; so does the return value. */
typedef int ds_job_fn(void *owner, size_t index, struct ds_buf *answer);

struct ds_job_end {
    size_t index;
    int status;             /* what the job returned; -1 when its process ended under it */
    int signal;             /* that ended the process, or 0 */
    struct ds_slice answer; /* empty when the process ended; valid during the call */
    double seconds;         /* wall time */
};

/* In the parent: a job is over. */
typedef void ds_job_done_fn(void *owner, const struct ds_job_end *end);
/* In the parent, now and then and after each change: for a progress line. */
typedef void ds_job_progress_fn(void *owner, size_t done, size_t running);

/* Workers take jobs in order of their numbers, each the next one that nobody has. A job that brings
 * its process down, or takes too long, costs itself only: another worker goes on. */
struct ds_jobs {
    size_t count, at_once;
    size_t per_worker; /* jobs that one process does one after another; 1: each has its own */
    double timeout_s;  /* a job that takes longer is ended, and its process with it */
    ds_job_fn *job;
    ds_job_done_fn *done;
    ds_job_progress_fn *progress;
    void *owner; /* a worker has its own copy, as it was when the worker started */
};

/* DS_GONE when interrupted by SIGINT or SIGTERM: workers were asked to finish, and waited for. */
DS_MUST_USE ds_rc ds_jobs_run(const struct ds_jobs *jobs, struct ds_why *why);
/* In a worker or a single run: has the person asked to stop? */
bool ds_interrupted(void);

#endif
