#ifndef DS_TEST_LINE_H
#define DS_TEST_LINE_H

/* Two fax machines, and what lies between them: a wire, or two gateways with packets between. */

#include "support.h"

#include "fax.h"

#define LINE_FRAME       160
#define LINE_MOST_FRAMES 3000 /* a minute */

struct line_way { /* packets that one gateway sends the other */
    struct ds_fax_relay *to;
    struct ds_fax_reader *reader;
    uint16_t sequence;
    size_t packets, lose_every; /* 0: none */
};

struct line {
    struct ds_fax_page page;
    struct ds_fax_machine *caller, *called;
    struct ds_fax_relay *near, *far; /* NULL: a wire */
    struct line_way there, back;
    struct ds_fax_ear *hears_caller, *hears_called; /* on the caller's line; or NULL */
    size_t frames;                                  /* of 20 ms, until it was over */
};

static inline void pass(void *owner, struct ds_slice ifp)
{
    struct line_way *way = owner;
    uint16_t sequence = way->sequence++;
    way->packets++;
    if (way->lose_every != 0 && way->packets % way->lose_every == 0)
        return;
    ds_fax_reader_take(way->reader, ifp, sequence);
    if (way->to != NULL)
        ds_fax_relay_take(way->to, ifp, sequence);
}

static inline void line_open(struct line *line, size_t rows)
{
    *line = (struct line){.frames = 0};
    assert_int_equal(ds_fax_page_draw(&line->page, rows, 7), DS_OK);
    assert_int_equal(ds_fax_machine_new(&line->page, &line->caller, NULL), DS_OK);
    assert_int_equal(ds_fax_machine_new(NULL, &line->called, NULL), DS_OK);
}

static inline void line_add_gateways(struct line *line)
{
    assert_int_equal(ds_fax_relay_new(pass, &line->there, &line->near), DS_OK);
    assert_int_equal(ds_fax_relay_new(pass, &line->back, &line->far), DS_OK);
    assert_int_equal(ds_fax_reader_new(&line->there.reader), DS_OK);
    assert_int_equal(ds_fax_reader_new(&line->back.reader), DS_OK);
    line->there.to = line->far;
    line->back.to = line->near;
}

static inline void line_add_ears(struct line *line)
{
    assert_int_equal(ds_fax_ear_new(&line->hears_caller), DS_OK);
    assert_int_equal(ds_fax_ear_new(&line->hears_called), DS_OK);
}

static inline void one_frame(struct line *line)
{
    int16_t there[LINE_FRAME], back[LINE_FRAME];
    ds_fax_machine_say(line->caller, there, LINE_FRAME);
    ds_fax_machine_say(line->called, back, LINE_FRAME);
    if (line->hears_caller != NULL)
        ds_fax_ear_hear(line->hears_caller, there, LINE_FRAME);
    if (line->near != NULL) {
        ds_fax_relay_hear(line->near, there, LINE_FRAME);
        ds_fax_relay_hear(line->far, back, LINE_FRAME);
        ds_fax_relay_say(line->far, there, LINE_FRAME);
        ds_fax_relay_say(line->near, back, LINE_FRAME);
    }
    if (line->hears_called != NULL)
        ds_fax_ear_hear(line->hears_called, back, LINE_FRAME);
    ds_fax_machine_hear(line->called, there, LINE_FRAME);
    ds_fax_machine_hear(line->caller, back, LINE_FRAME);
}

/* Until both machines are done, or for a minute. */
static inline void line_run(struct line *line)
{
    const size_t most = LINE_MOST_FRAMES;
    while (line->frames < most && (ds_fax_machine_state(line->caller) == DS_FAX_BUSY ||
                                   ds_fax_machine_state(line->called) == DS_FAX_BUSY)) {
        one_frame(line);
        line->frames++;
    }
}

static inline void line_close(struct line *line)
{
    ds_fax_machine_free(&line->caller);
    ds_fax_machine_free(&line->called);
    ds_fax_relay_free(&line->near);
    ds_fax_relay_free(&line->far);
    ds_fax_reader_free(&line->there.reader);
    ds_fax_reader_free(&line->back.reader);
    ds_fax_ear_free(&line->hears_caller);
    ds_fax_ear_free(&line->hears_called);
    ds_fax_page_clean_up(&line->page);
}

#endif
