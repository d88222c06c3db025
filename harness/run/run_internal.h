#ifndef DS_RUN_INTERNAL_H
#define DS_RUN_INTERNAL_H

#include <signal.h>
#include <stdatomic.h>

#include "pcap.h"
#include "run.h"

#define DS_WORLD_MAGIC 0x304d0001u

/* How a world's packets come into its capture (evidence.c). */
struct ds_evidence_taker {
    struct ds_pcap_writer *writer; /* owned */
    struct ds_capture *capture;    /* owned; NULL when recording */
    struct ds_recorder *recorder;  /* owned; NULL when capturing */
    const struct ds_clock *clock;  /* borrowed */
    unsigned sent;                 /* packets, to be captured */
    bool saw_end;                  /* the packet that marks the end has been captured */
};

DS_MUST_USE ds_rc ds_evidence_open(struct ds_evidence_taker *taker,
                                   const struct ds_world_options *options,
                                   struct ds_why *why);
/* Once the network exists: the capture is read in its loop. */
DS_MUST_USE ds_rc ds_evidence_attach(struct ds_evidence_taker *taker,
                                     struct ds_net *net,
                                     struct ds_why *why);
/* Runs the loop until everything sent so far is in the file. */
DS_MUST_USE ds_rc ds_evidence_drain(struct ds_evidence_taker *taker,
                                    struct ds_net *net,
                                    const struct ds_topo *topo,
                                    struct ds_why *why);
DS_MUST_USE ds_rc ds_evidence_close(struct ds_evidence_taker *taker, struct ds_why *why);
/* Of what our own sockets say: recorded, or a reason to look at the capture. */
ds_net_tap_fn ds_evidence_record, ds_evidence_keep_up;
ds_net_frame_fn ds_evidence_frame;
void ds_evidence_secret(void *owner, struct ds_slice line);

struct ds_world {
    uint32_t magic;
    enum ds_world_kind kind;
    uint64_t seed;
    const struct ds_topo *topo; /* borrowed */
    struct ds_clock *clock;     /* owned, as all below */
    struct ds_rng rng;
    struct ds_log *log;
    struct ds_net *net;
    struct ds_world_kept *kept; /* borrowed, or NULL */
    struct ds_tls_authority *authority;
    struct ds_media_srtp *srtp; /* NULL: nobody encrypts audio, or it is kept */
    struct ds_mailbox *mailbox;
    struct ds_evidence_taker evidence;
    struct ds_node **nodes; /* beside topo->nodes; NULL for real ones */
    struct ds_pcap_name *names;
    const char *const *faults; /* borrowed */
    bool skips_waits, had_faults, had_failures, half_told;
    unsigned turns;
    bool *fails;           /* owned; beside nodes: with the next turn */
    struct ds_why trouble; /* an element that did not come back */
};

/* The elements' addresses and names; the caller's to free. NULL: no memory. */
struct ds_pcap_name *ds_world_names(const struct ds_topo *topo);
/* Ends the elements that are to fail: between two turns nobody is in the middle of a call. */
void ds_world_end_failed(struct ds_world *world);
/* A fault has its machine lose power, or get it back; `owner` is the world's evidence taker. */
ds_net_restart_fn ds_world_restart;
ds_net_translate_fn ds_world_translate;
ds_net_reaches_fn ds_world_reaches; /* where the topology has a wall */

/* Makes whole frames of what sockets of ours sent and received (recorder.c). */
struct ds_recorder;
DS_MUST_USE ds_rc ds_recorder_new(struct ds_pcap_writer *writer, struct ds_recorder **out);
void ds_recorder_free(struct ds_recorder **recorder);
void ds_recorder_take(struct ds_recorder *recorder,
                      int64_t unix_us,
                      struct ds_addr from,
                      struct ds_addr to,
                      char tcp_event,
                      struct ds_slice bytes);

/* ---- workers (worker.c) ---- */

#define DS_NO_JOB SIZE_MAX

/* What a worker is doing, for a parent who finds it ended or late. */
struct ds_taken {
    atomic_size_t job; /* DS_NO_JOB between two */
    _Atomic ds_us since;
};

/* Shared by the parent and all its workers. */
struct ds_board {
    atomic_size_t next; /* the first job that nobody has taken */
    atomic_bool enough; /* no more are to be taken */
    struct ds_taken taken[];
};

/* One answer in the pipe: this, then `len` bytes. */
struct ds_answer_head {
    size_t index, len;
    double seconds;
    int status;
};

/* Takes jobs and answers through `pipe` until there are none, until it has done its share, or until
 * it is asked to stop. */
void ds_worker_run(const struct ds_jobs *jobs,
                   struct ds_board *board,
                   struct ds_taken *taken,
                   struct ds_clock *clock,
                   int pipe);
/* The same, where each job has a process of its own: returns when no more is to be done, and ends
 * as the first of them that did not end well. */
void ds_nursery_run(const struct ds_jobs *jobs,
                    struct ds_board *board,
                    struct ds_taken *taken,
                    struct ds_clock *clock,
                    int pipe);

/* Blocked in the parent, and in all that it forks. */
void ds_watched_signals(sigset_t *set);
bool ds_is_more_to_do(const struct ds_jobs *jobs, const struct ds_board *board);

#endif
