#ifndef DS_FAX_H
#define DS_FAX_H

/*
 * Fax as values and engines: no socket, no clock. Machines speak T.30 over the audio of a line;
 * gateways carry that as T.38 packets (IFP) between them; a reader makes pages of what either
 * carried. Time is the samples that are put in and taken out: 8000 a second, as many of the one as
 * of the other. libspandsp has the modems and the protocols.
 */

#include "base.h"

#define DS_FAX_ROW_BYTES 216 /* 1728 pels, 215 mm: ITU-T T.4 2.1 */
#define DS_FAX_MOST_ROWS 2400

/* ---- pages ---- */

/* Rows of pels, the leftmost in the highest bit, 1 black. Zeroed: an empty page. */
struct ds_fax_page {
    struct ds_buf rows; /* owned; DS_FAX_ROW_BYTES each */
};

size_t ds_fax_page_rows(const struct ds_fax_page *page);
/* Draws a page that looks like no other of another seed; 1 to DS_FAX_MOST_ROWS rows. */
DS_MUST_USE ds_rc ds_fax_page_draw(struct ds_fax_page *page, size_t rows, uint64_t seed);
/* The first row in which the two differ, counted from 1; 0: they are the same. */
size_t ds_fax_page_differs(const struct ds_fax_page *a, const struct ds_fax_page *b);
void ds_fax_page_clean_up(struct ds_fax_page *page);

/* ---- machines: T.30 at the end of a line ---- */

struct ds_fax_machine;

enum ds_fax_state { DS_FAX_BUSY, DS_FAX_DONE, DS_FAX_FAILED };

/* The machine that calls sends `page`; with NULL it is the one that was called, and receives. */
DS_MUST_USE ds_rc ds_fax_machine_new(const struct ds_fax_page *page,
                                     struct ds_fax_machine **out,
                                     struct ds_why *why);
void ds_fax_machine_free(struct ds_fax_machine **machine);
void ds_fax_machine_hear(struct ds_fax_machine *machine, const int16_t *samples, size_t count);
void ds_fax_machine_say(struct ds_fax_machine *machine, int16_t *samples, size_t count);
enum ds_fax_state ds_fax_machine_state(const struct ds_fax_machine *machine);
/* How it ended, in the words of T.30: "OK", "Timed out waiting for the first message". */
const char *ds_fax_machine_outcome(const struct ds_fax_machine *machine);

/* ---- gateways: a line's audio on one side, T.38 on the other ---- */

struct ds_fax_relay;
typedef void ds_fax_packet_fn(void *owner, struct ds_slice ifp);

DS_MUST_USE ds_rc ds_fax_relay_new(ds_fax_packet_fn *send, void *owner, struct ds_fax_relay **out);
void ds_fax_relay_free(struct ds_fax_relay **relay);
void ds_fax_relay_hear(struct ds_fax_relay *relay, const int16_t *samples, size_t count);
void ds_fax_relay_say(struct ds_fax_relay *relay, int16_t *samples, size_t count);
/* A packet from the other gateway. Numbers that are missing are lost packets; what came before is
 * not to be put in again. */
void ds_fax_relay_take(struct ds_fax_relay *relay, struct ds_slice ifp, uint16_t sequence);
/* A defect: pels of the page it carries are turned over. */
void ds_fax_relay_smudge(struct ds_fax_relay *relay);

/* ---- is this a fax? ---- */

struct ds_fax_tones;

DS_MUST_USE ds_rc ds_fax_tones_new(struct ds_fax_tones **out);
void ds_fax_tones_free(struct ds_fax_tones **tones);
/* True from the moment that the called machine's answer tone, or the flags of V.21 after it, are
 * heard. */
bool ds_fax_tones_hear(struct ds_fax_tones *tones, const int16_t *samples, size_t count);

/* ---- reading along ---- */

#define DS_FAX_MOST_PAGES 16

/* What one of two machines was seen to say. Borrowed from who reads. */
struct ds_fax_said {
    struct ds_fax_page pages[DS_FAX_MOST_PAGES]; /* each as its T.4 code says */
    size_t page_count;
    size_t frame_count;
    size_t confirmed; /* how often it said that a page had come well (MCF) */
    bool misses;      /* packets that never came, or a page in a code that is not read here */
};

/* Of the T.38 packets of one way. */
struct ds_fax_reader;

DS_MUST_USE ds_rc ds_fax_reader_new(struct ds_fax_reader **out);
void ds_fax_reader_free(struct ds_fax_reader **reader);
/* A packet whose number came before is left out. */
void ds_fax_reader_take(struct ds_fax_reader *reader, struct ds_slice ifp, uint16_t sequence);
const struct ds_fax_said *ds_fax_reader_said(const struct ds_fax_reader *reader);

/* Of the audio of one way of a line. */
struct ds_fax_ear;

DS_MUST_USE ds_rc ds_fax_ear_new(struct ds_fax_ear **out);
void ds_fax_ear_free(struct ds_fax_ear **ear);
void ds_fax_ear_hear(struct ds_fax_ear *ear, const int16_t *samples, size_t count);
const struct ds_fax_said *ds_fax_ear_said(const struct ds_fax_ear *ear);

#endif
