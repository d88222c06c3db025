#include "fax_internal.h"

#include <stdlib.h>
#include <string.h>

#include <spandsp.h>

#define READER_MAGIC 0x46415833u
#define MOST_FRAME   256

struct ds_fax_reader {
    uint32_t magic;
    t38_core_state_t *core; /* owned */
    struct ds_fax_notes notes;
    uint8_t frame[MOST_FRAME];
    size_t frame_len;
    bool started;
    uint16_t last;
};

/* T.38 has the first bit of a line highest; who decodes has it lowest. */
static size_t turn(const uint8_t *bytes, size_t len, uint8_t out[MOST_FRAME])
{
    size_t part = len < MOST_FRAME ? len : MOST_FRAME;
    bit_reverse(out, bytes, (int)part);
    return part;
}

static void add_code(struct ds_fax_reader *reader, const uint8_t *bytes, size_t len)
{
    uint8_t turned[MOST_FRAME];
    while (len > 0) {
        size_t part = turn(bytes, len, turned);
        ds_fax_notes_add_code(&reader->notes, (struct ds_slice){(const char *)turned, part});
        bytes += part;
        len -= part;
    }
}

static void add_frame(struct ds_fax_reader *reader, const uint8_t *bytes, size_t len)
{
    uint8_t turned[MOST_FRAME];
    size_t room = sizeof reader->frame - reader->frame_len;
    size_t part = turn(bytes, len < room ? len : room, turned);
    memcpy(reader->frame + reader->frame_len, turned, part);
    reader->frame_len += part;
}

static void end_frame(struct ds_fax_reader *reader)
{
    ds_fax_notes_frame(&reader->notes,
                       (struct ds_slice){(const char *)reader->frame, reader->frame_len});
    reader->frame_len = 0;
}

static int
on_data(t38_core_state_t *core, void *owner, int type, int field, const uint8_t *bytes, int len)
{
    struct ds_fax_reader *reader = owner;
    size_t count = len < 0 ? 0 : (size_t)len;
    (void)core;
    (void)type;
    if (field == T38_FIELD_HDLC_DATA) {
        add_frame(reader, bytes, count);
    } else if (field == T38_FIELD_HDLC_FCS_OK || field == T38_FIELD_HDLC_FCS_OK_SIG_END) {
        end_frame(reader);
    } else if (field == T38_FIELD_T4_NON_ECM_DATA) {
        add_code(reader, bytes, count);
    } else if (field == T38_FIELD_T4_NON_ECM_SIG_END) {
        add_code(reader, bytes, count);
        ds_fax_notes_end_burst(&reader->notes);
    } else {
        reader->frame_len = 0;
    }
    return 0;
}

static int on_indicator(t38_core_state_t *core, void *owner, int indicator)
{
    struct ds_fax_reader *reader = owner;
    (void)core;
    (void)indicator;
    ds_fax_notes_end_burst(&reader->notes);
    return 0;
}

static int on_missing(t38_core_state_t *core, void *owner, int got, int expected)
{
    struct ds_fax_reader *reader = owner;
    (void)core;
    (void)got;
    (void)expected;
    reader->notes.said.misses = true;
    return 0;
}

static int on_packet(t38_core_state_t *core, void *owner, const uint8_t *ifp, int len, int times)
{
    (void)core;
    (void)owner;
    (void)ifp;
    (void)len;
    (void)times;
    return 0;
}

ds_rc ds_fax_reader_new(struct ds_fax_reader **out)
{
    struct ds_fax_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return DS_NOMEM;
    reader->magic = READER_MAGIC;
    reader->core =
        t38_core_init(NULL, on_indicator, on_data, on_missing, reader, on_packet, reader);
    if (reader->core == NULL) {
        free(reader);
        return DS_NOMEM;
    }
    t38_set_sequence_number_handling(reader->core, 0);
    *out = reader;
    return DS_OK;
}

void ds_fax_reader_free(struct ds_fax_reader **reader)
{
    if (*reader == NULL)
        return;
    DS_CHECK(*reader, READER_MAGIC);
    ds_fax_notes_clean_up(&(*reader)->notes);
    t38_core_free((*reader)->core);
    (*reader)->magic = 0;
    free(*reader);
    *reader = NULL;
}

void ds_fax_reader_take(struct ds_fax_reader *reader, struct ds_slice ifp, uint16_t sequence)
{
    DS_CHECK(reader, READER_MAGIC);
    int16_t ahead = (int16_t)(sequence - reader->last);
    if (reader->started && ahead <= 0)
        return;
    reader->notes.said.misses |= reader->started && ahead > 1;
    reader->started = true;
    reader->last = sequence;
    t38_core_rx_ifp_packet(reader->core, (const uint8_t *)ifp.at, (int)ifp.len, sequence);
}

const struct ds_fax_said *ds_fax_reader_said(const struct ds_fax_reader *reader)
{
    DS_CHECK(reader, READER_MAGIC);
    return &reader->notes.said;
}
