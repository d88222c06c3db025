#ifndef DS_REPORT_INTERNAL_H
#define DS_REPORT_INTERNAL_H

#include "page.h"
#include "report.h"

#include <stdio.h>

enum ds_colour { DS_PLAIN, DS_GREEN, DS_RED, DS_YELLOW, DS_FAINT };

/* Text between two colour codes, or bare. */
void ds_paint(struct ds_buf *out, bool colour, enum ds_colour which, const char *text);
enum ds_colour ds_result_colour(enum ds_result result);
/* `text` cut to `columns` (0: not at all), with an ellipsis where something is missing; already
 * safe text. */
void ds_print_cut(struct ds_buf *out, struct ds_slice text, size_t columns);
void ds_print_blanks(struct ds_buf *out, size_t count);
/* Bytes of the well-formed character at the start of the text (RFC 3629); 0 where there is none. */
size_t ds_utf8_len(struct ds_slice text);
/* Columns of UTF-8 text, counted as code points. */
size_t ds_columns(struct ds_slice text);
/* Safe text, filled up with blanks to `columns`. */
void ds_print_padded(struct ds_buf *out, const char *text, size_t columns);
/* Appends `part` and uses it up; where it lacks memory, so does `out`. */
void ds_move(struct ds_buf *out, struct ds_buf *part);
/* NULL is the empty text. */
const char *ds_text(const char *text);

/* "behind_pbx:bypass_on", as it was given. */
void ds_print_place(struct ds_buf *out, const char *topology, const char *variant);

/* Escapes for where the text goes: illegal characters are dropped, bad UTF-8 is replaced. */
void ds_print_xml(struct ds_buf *out, const char *text);      /* between double quotes */
void ds_print_xml_body(struct ds_buf *out, const char *text); /* between tags: lines stay lines */
void ds_print_markdown(struct ds_buf *out, const char *text);
void ds_print_yaml(struct ds_buf *out, const char *text); /* a double-quoted scalar */

/* Writes through a neighbouring file, so that a full disk spoils nothing that was there. Uses up
 * `text`. */
DS_MUST_USE ds_rc ds_write_file(const char *path, struct ds_buf *text, struct ds_why *why);
/* Adds to what is there. Uses up `text`. */
DS_MUST_USE ds_rc ds_append_file(const char *path, struct ds_buf *text, struct ds_why *why);
/* Appends what stands there. DS_BAD: it cannot be read, or is more than `most` bytes, and so no
 * `what` ("verdict of a run"). */
DS_MUST_USE ds_rc ds_read_file(const char *path,
                               const char *what,
                               size_t most,
                               struct ds_buf *out,
                               struct ds_why *why);

/* A file that takes its name when it is whole; terminals and pipes are written to at once. */
struct ds_out_file {
    FILE *stream;     /* owned */
    const char *path; /* borrowed: outlives us */
    char *part;       /* owned: what it is called until then; NULL: no file */
};

DS_MUST_USE ds_rc ds_out_open(struct ds_out_file *file, const char *path, struct ds_why *why);
/* Takes the text out of the buffer. */
DS_MUST_USE ds_rc ds_out_put(struct ds_out_file *file, struct ds_buf *text, struct ds_why *why);
/* The same once it has become much, which is then never more than a piece of a long file. */
DS_MUST_USE ds_rc ds_out_put_much(struct ds_out_file *file,
                                  struct ds_buf *text,
                                  struct ds_why *why);
DS_MUST_USE ds_rc ds_out_close(struct ds_out_file *file, struct ds_why *why);
void ds_out_drop(struct ds_out_file *file); /* after closing, or instead */

/* The texts of a result, by the names they have in verdict.json. */
struct ds_text_field {
    const char *name;
    size_t at;
};

#define DS_RESULT_TEXTS 15
extern const struct ds_text_field ds_result_texts[DS_RESULT_TEXTS];
char **ds_result_text(struct ds_run_result *result, size_t field);
const char *ds_result_text_of(const struct ds_run_result *result, size_t field); /* never NULL */

#define DS_SCHEMA_VERSION 1
#define DS_MOST_FINDINGS  10000

/* JSON as it is printed: one member a line, members and items told one after another. */
struct ds_json {
    struct ds_buf out;
    const char *folder; /* captures are named from here; NULL: from where directsip was run */
    int depth;
    bool has_member; /* the innermost object or list does */
    bool in_page;    /* between the tags of a page: on one line, and nothing in it is markup */
};

/* `name` is NULL in a list, and for the outermost. */
void ds_json_begin(struct ds_json *json, const char *name, char bracket);
void ds_json_end(struct ds_json *json, char bracket);
void ds_json_text(struct ds_json *json,
                  const char *name,
                  const char *text); /* what is no UTF-8 is written as \xNN */
void ds_json_slice(struct ds_json *json, const char *name, struct ds_slice text); /* the same */
void ds_json_number(struct ds_json *json, const char *name, int64_t number);
void ds_json_whole(struct ds_json *json, const char *name, uint64_t number);
void ds_json_real(struct ds_json *json, const char *name, double number);
void ds_json_flag(struct ds_json *json, const char *name, bool flag);
void ds_json_result(struct ds_json *json, const char *name, const struct ds_run_result *result);
/* JSON that was made apart, in the same style. */
void ds_json_raw(struct ds_json *json, const char *name, struct ds_slice value);
/* Uses it up. */
DS_MUST_USE ds_rc ds_json_write(struct ds_json *json, const char *path, struct ds_why *why);

/* `path` as it is named from `folder`, where it lies below it. */
const char *ds_path_below(const char *folder, const char *path);

/* Neither passed nor skipped. */
bool ds_is_bad(const struct ds_run_result *run);
/* "scenarios/calls/busy.lua" and 28 of "scenarios/calls/busy.lua:28"; false where no line is named.
 */
bool ds_split_where(const char *where, struct ds_slice *file, uint64_t *line);
/* The requirement that decided a run; "expectation" where the scenario's own did, or the name of
 * the result. */
const char *ds_deciding_id(const struct ds_run_result *run);

/* Runs that stumbled over the same thing at the same line of a scenario. */
#define DS_MOST_NOTICES 256

struct ds_notice {
    const struct ds_run_result *run; /* the first of them */
    size_t runs;
    struct ds_slice file;
    uint64_t line; /* 1 where none is known */
    const char *rule;
};

/* Returns how many were found; `*more`: there are others. */
size_t ds_notices_find(const struct ds_suite_result *suite,
                       struct ds_notice *out,
                       size_t most,
                       bool *more);
/* "calls/busy@…: the reason (and 3 other runs)" */
void ds_notice_print(const struct ds_notice *notice, struct ds_buf *out);

/* How many runs ended in each way. */
struct ds_totals {
    size_t of[DS_RESULT_ERROR + 1];
};
struct ds_totals ds_totals(const struct ds_suite_result *suite);
/* How long all runs took in their worlds. */
double ds_total_seconds(const struct ds_suite_result *suite);
/* Are there runs of several worlds, so that a reader must be told of each which it is? */
bool ds_has_worlds(const struct ds_suite_result *suite);
/* The run's name, which ends in its world where there are several: "calls/busy@voip_only (sim)". */
void ds_print_run_name(struct ds_buf *out, const struct ds_run_result *run, bool worlds);

/* Rows (topology:variant) and columns (call) of the matrix, in the order they are met. What is
 * beyond the last row or column counts there, under "others". */
#define DS_MATRIX_MOST 64

struct ds_matrix {
    const char *rows[DS_MATRIX_MOST][2];
    const char *columns[DS_MATRIX_MOST];
    size_t row_count, column_count;

    struct {
        size_t runs, passed;
    } cells[DS_MATRIX_MOST][DS_MATRIX_MOST];
};

void ds_matrix_fill(const struct ds_suite_result *suite, struct ds_matrix *matrix);

/* What all runs say of each requirement, beside ds_requirements(). */
void ds_proofs_sum_up(const struct ds_suite_result *suite, enum ds_verdict *verdicts);
/* Requirements by what all runs say of them: proven, failed, unclear, not seen. */
void ds_print_proofs(const struct ds_suite_result *suite,
                     const struct ds_terminal *terminal,
                     struct ds_buf *out);

/* Verdict, requirement, sentence and frames, as a failure shows them. */
void ds_print_finding(const struct ds_result_finding *finding,
                      const struct ds_terminal *terminal,
                      struct ds_buf *out);
/* The run's own sentence, with the line of the scenario. */
void ds_print_sentence(const struct ds_run_result *run, struct ds_buf *out);
/* Where the capture is, and the command that repeats the run. */
void ds_print_pointers(const struct ds_run_result *run, struct ds_buf *out);

/* ---- the page ---- */

/* What a page shows of one run; the capture has all. */
#define DS_PAGE_MESSAGES    1000
#define DS_PAGE_TEXT_BYTES  (256u << 10)
#define DS_PAGE_CALLS       100
#define DS_PAGE_FLOWS       200
#define DS_PAGE_FRAME_BYTES (2u << 20)            /* of different payloads */
#define DS_PAGE_SAMPLES     (INT64_C(600) * 8000) /* of each stream: ten minutes */

/* Texts, each once, known by their numbers (page_texts.c). */
struct ds_texts {
    struct ds_slice *list; /* owned; the bytes are borrowed */
    size_t count, cap;
    uint32_t *slots; /* owned; a number + 1, or 0 where free; twice as many as `cap` */
    bool broken;     /* for want of memory; numbers are 0 from then on */
};

size_t ds_texts_number(struct ds_texts *texts, struct ds_slice text);
bool ds_texts_has(const struct ds_texts *texts, struct ds_slice text);
void ds_texts_clean_up(struct ds_texts *texts);

/* The places between which things went, while a capture is written down. */
struct ds_page_places {
    struct ds_texts names;
    struct ds_arena *arena; /* owned; of the names of strangers */
};

size_t
ds_page_place(struct ds_page_places *places, const struct ds_topo_node *node, struct ds_addr at);
/* Messages of a trace, and the lines that they are made of. */
void ds_page_messages(struct ds_json *json,
                      const struct ds_trace *trace,
                      struct ds_page_places *places);
/* The suite, its requirements and a few words of each run: what the page needs at once. */
void ds_page_index(struct ds_json *json, const struct ds_suite_result *suite);

/* What there is room for of what a run's capture shows. */
struct ds_page_part {
    bool seen, sound;
};

/* One run, as the page shows it when asked: `deployment` is the number of its own, or -1. */
void ds_page_run(struct ds_json *json,
                 const struct ds_run_result *run,
                 int64_t deployment,
                 struct ds_page_part part);

/* The ids that failed in a run, each once, in the order they are met. */
#define DS_MOST_RED 64

struct ds_red {
    const char *ids[DS_MOST_RED];
    size_t count;
};

struct ds_red ds_kill_red(const struct ds_kill *kill);
/* Why this id may be red with it; empty, with `at` NULL, where it may not. */
struct ds_slice ds_kill_allows(const struct ds_kill *kill, const char *id);
const char *ds_kill_verdict_name(enum ds_kill_verdict verdict); /* "caught" */

/* Below the arrows of a ladder: who sent audio to whom, and who was heard. */
void ds_ladder_media(const struct ds_trace *trace,
                     const struct ds_call *call,
                     const struct ds_ladder_style *style,
                     struct ds_buf *out);
const char *ds_flow_codec(const struct ds_flow *flow); /* "PCMU" */

/* All streams between two places, whatever their SSRC; of what tells how good they are, the worst.
 * A capture may hold as many as somebody cares to invent. */
#define DS_MOST_PAIRS 64

struct ds_pair {
    const struct ds_flow *there, *back; /* the first of each way; back: or NULL */
    uint64_t there_packets, back_packets;
    int64_t lost, told_lost;
    uint64_t duplicates, sealed_packets;
    double jitter_ms, mos; /* mos: 0 while none is known */
    bool has_jitter;
};

struct ds_pairs {
    struct ds_pair list[DS_MOST_PAIRS];
    size_t count;
    bool more;
};

void ds_pairs_find(const struct ds_call *call, struct ds_pairs *out);
/* "  audio  alice == gateway  PCMU  12 + 11 packets, lost 1  gateway hears alice" */
void ds_pair_print(const struct ds_pair *pair, struct ds_buf *out);
/* "  fax    gateway => pbx  T.38  9 packets, lost 2" */
void ds_fax_print(const struct ds_fax_seen *fax, struct ds_buf *out);

/* An element, or the machine of a stranger. */
struct ds_place {
    const struct ds_topo_node *node;
    struct ds_addr at;
};

bool ds_place_same(struct ds_place a, struct ds_place b);

/* The lines of a call's ladder. */
#define DS_MOST_LIFELINES 24

struct ds_lifelines {
    struct ds_place list[DS_MOST_LIFELINES];
    size_t count;
    bool by_port; /* programs on one machine */
    bool more;    /* places than lines */
};

void ds_lifelines_find(const struct ds_call *call, struct ds_lifelines *out);
int ds_lifeline_of(const struct ds_lifelines *lines, struct ds_place place); /* -1: none */
struct ds_addr_text ds_lifeline_name(const struct ds_lifelines *lines, size_t index);
const char *ds_leg_colour(const struct ds_call *call, const struct ds_leg *leg);
/* "Call 1  +15550100 -> +15550142  was answered after 0.002 s", and the end of the line */
void ds_ladder_title(const struct ds_trace *trace, const struct ds_call *call, struct ds_buf *out);

/* "alice > pool > mediation" */
void ds_print_road(const struct ds_call *call, struct ds_buf *out);
/* "alice hears pstn, pstn hears alice"; the streams where no tone is known; "fax", "no audio" */
void ds_print_heard(const struct ds_trace *trace, const struct ds_call *call, struct ds_buf *out);
/* Tells once of each voice that one end of the call hears by a tone that is known. */
typedef void
ds_heard_fn(void *owner, const struct ds_topo_node *listener, const struct ds_topo_node *voice);
void ds_each_heard(const struct ds_call *call, ds_heard_fn *each, void *owner);
/* As a person counts them: 1 is the first of the capture. */
size_t ds_call_number(const struct ds_trace *trace, const struct ds_call *call);
/* The share of the RTP of all its streams that never came, 0 … 1. */
double ds_call_loss(const struct ds_call *call);
/* A node's name, or the address of a stranger with its port. */
struct ds_addr_text ds_place_name(const struct ds_topo_node *node, struct ds_addr at);

#endif
