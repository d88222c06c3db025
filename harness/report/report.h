#ifndef DS_REPORT_H
#define DS_REPORT_H

/*
 * What a person or a CI system reads: the ladder of a call, and the result of runs as terminal
 * lines, JUnit XML, TAP, JSON, Markdown and what GitHub and GitLab show beside the code. All text
 * from the wire or a scenario is escaped for where it goes. One result model serves all; a run
 * leaves it behind as verdict.json, and hands the same to the suite that it is part of.
 */

#include "check.h"

/* ---- the ladder ---- */

struct ds_ladder_style {
    size_t width; /* columns; 0: as wide as it takes */
    bool colour, numbers /* frame numbers and times */, media /* audio paths below */;
};

/* One line an arrow, in the notation scenarios are written in: `gateway -> mediation : 183 SDP`. */
void ds_ladder_print(const struct ds_trace *trace,
                     const struct ds_call *call,
                     const struct ds_ladder_style *style,
                     struct ds_buf *out);
/* As a drawing of `width` columns, a line for each element; false, and nothing, where they do not
 * fit. */
bool ds_ladder_draw(const struct ds_trace *trace,
                    const struct ds_call *call,
                    const struct ds_ladder_style *style,
                    struct ds_buf *out);
/* As a sequence diagram of Mermaid's, fenced as in Markdown. */
void ds_ladder_mermaid(const struct ds_trace *trace,
                       const struct ds_call *call,
                       struct ds_buf *out);
/* Registrations and other messages outside calls, an arrow a line. */
void ds_ladder_print_rest(const struct ds_trace *trace,
                          const struct ds_ladder_style *style,
                          struct ds_buf *out);
/* Every stream of audio and fax, in a call or not, with its figures. Nothing where there is none.
 */
void ds_streams_print(const struct ds_trace *trace, struct ds_buf *out);
/* Text safe for a terminal: control bytes as \xNN, malformed UTF-8 too. */
void ds_print_safe(struct ds_buf *out, struct ds_slice text);

/* What two worlds must agree on, times aside: the messages between each two elements in their
 * order, call by call, and who sent audio to whom. */
void ds_outline_print(const struct ds_trace *trace, struct ds_buf *out);

/* ---- results ---- */

/* How a run ended, in order of how much it asks for a person. */
enum ds_result {
    DS_RESULT_PASS,
    DS_RESULT_FAIL,
    DS_RESULT_UNCLEAR,
    DS_RESULT_NOT_SEEN,
    DS_RESULT_SKIP,
    DS_RESULT_ERROR
};

const char *ds_result_name(enum ds_result result);

struct ds_result_finding {
    const struct ds_requirement *known; /* of ds_requirements(); NULL: none of these */
    const char *id;                     /* "BYP-01"; "" for the scenario's own expectation */
    const char *requirement;            /* its sentence */
    const char *verdict, *sentence, *where;
    uint32_t frames[DS_FINDING_MAX_FRAMES];
    size_t frame_count;
    bool counted; /* it decides the run: failed, or named in `proves` */
};

struct ds_run_result {
    char *id; /* "calls/busy@behind_pbx:bypass_on/ev_to_pstn" */
    char *scenario, *scenario_path, *topology, *variant, *call, *option;
    bool bypass;
    enum ds_result result;
    char *sentence; /* one line: why it is not a pass; or the reason of a skip */
    char *where;    /* file:line */
    uint64_t seed;
    char *world;    /* "loopback", "sim" */
    char *evidence; /* "captured by libpcap …", "recorded at our own sockets …" */
    char *capture;  /* path of run.pcapng; a file that names it does so from its own place */
    char *rerun;    /* command that repeats it */
    char *defects;  /* that were switched on: "gateway:no_ack pool:strips_record_route"; or "" */
    double seconds; /* that it took in its world */
    struct ds_result_finding *findings; /* in the arena, as what they say unless they came packed */
    size_t finding_count;
    struct ds_arena *arena; /* owned; NULL: no findings */
    char *log;              /* the story of the run; kept where it failed */
    char *packed;  /* owned: what it came in, with what findings say and all below; or NULL */
    char *outline; /* of its capture, where it is to be compared; in no file */
    char *deployment, *seen, *sound; /* for the page, as JSON; in no file; NULL: not asked for */
};

/* Room for so many more findings, in the arena; `finding_count` stays. DS_NOMEM. */
DS_MUST_USE ds_rc ds_run_result_add_findings(struct ds_run_result *result, size_t more);
void ds_run_result_clean_up(struct ds_run_result *result);
DS_MUST_USE ds_rc ds_run_result_write(const struct ds_run_result *result,
                                      const char *path,
                                      struct ds_why *why);
DS_MUST_USE ds_rc ds_run_result_read(const char *path,
                                     struct ds_run_result *out,
                                     struct ds_why *why);
/* The same as bytes, from one process of a suite to another. DS_BAD: they are something else. */
void ds_run_result_pack(const struct ds_run_result *result, struct ds_buf *out);
DS_MUST_USE ds_rc ds_run_result_unpack(struct ds_slice packed, struct ds_run_result *out);

/* Where two worlds differ on a run, in its verdicts or in what was to be seen: true, and the first
 * difference as a sentence. Of a race only the result is compared. */
bool ds_compare_runs(const struct ds_run_result *one,
                     const struct ds_run_result *other,
                     bool race,
                     struct ds_buf *out);

/* A suite of simulated runs says nothing of the machine: its files are the same everywhere. */
struct ds_suite_result {
    struct ds_run_result *runs;
    size_t run_count;
    double seconds; /* wall time of it all, for the terminal, as those two below */
    double loopback_seconds, sim_seconds;
    size_t compared, different; /* runs that were done in both worlds */
    const char *folder;         /* of the runs' reports: captures are named from there */
    const char *version, *hostname, *started; /* ISO 8601 */
};

typedef ds_rc
ds_report_fn(const struct ds_suite_result *suite, const char *path, struct ds_why *why);

DS_MUST_USE ds_report_fn ds_report_junit, ds_report_tap, ds_report_json, ds_report_markdown;
/* Added to a file that others write to as well: a job's summary page, GITHUB_STEP_SUMMARY. */
DS_MUST_USE ds_report_fn ds_report_markdown_append;
DS_MUST_USE ds_report_fn ds_report_code_quality; /* GitLab's */

/* Annotations of GitHub Actions, as commands for stdout. */
struct ds_github {
    const char *workspace; /* the top folder of the repository */
    const char *folder;    /* where directsip was run */
};

void ds_report_github(const struct ds_suite_result *suite,
                      const struct ds_github *github,
                      struct ds_buf *out);

/* For the terminal: one line a run, the block that explains a failure, the matrices at the end. */
struct ds_terminal {
    bool colour;
    size_t width;
    int verbosity; /* -1 quiet, 0, 1 verbose */
    bool worlds;   /* a run's line says in which world it was */
};

/* With the reason of a skip below it. */
void ds_report_line(const struct ds_run_result *run,
                    const struct ds_terminal *terminal,
                    struct ds_buf *out);
void ds_report_failure(const struct ds_run_result *run,
                       const struct ds_terminal *terminal,
                       struct ds_buf *out);
void ds_report_matrix(const struct ds_suite_result *suite,
                      const struct ds_terminal *terminal,
                      struct ds_buf *out);

/* ---- the kill matrix: which requirement turned red under which misbehaviour ---- */

/* Missed: its own requirement is not red. False alarm: one is that neither is its own nor allowed.
 */
enum ds_kill_verdict { DS_CAUGHT, DS_MISSED, DS_FALSE_ALARM, DS_NOT_RUN, DS_KILL_VERDICTS };

struct ds_kill {
    const char *defect;              /* "gateway:no_ack" */
    const char *sentence;            /* what it does */
    const char *requirement;         /* the id that must turn red */
    const char *allowed;             /* "CALL-05: why it may too; OPT-02: …", or "" */
    const struct ds_run_result *run; /* in which it was switched on */
};

struct ds_kill_matrix {
    const struct ds_kill *kills;
    size_t count;
    double seconds;     /* wall time, for the terminal */
    const char *folder; /* of the runs' reports: captures are named from there */
    const char *version;
};

enum ds_kill_verdict ds_kill_judge(const struct ds_kill *kill);
/* A line for each, the block that explains what went wrong, and the sum. */
void ds_report_kills(const struct ds_kill_matrix *matrix,
                     const struct ds_terminal *terminal,
                     struct ds_buf *out);
DS_MUST_USE ds_rc ds_report_kills_json(const struct ds_kill_matrix *matrix,
                                       const char *path,
                                       struct ds_why *why);

#endif
