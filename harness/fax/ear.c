#include "fax_internal.h"

#include <stdlib.h>

#include <spandsp.h>

/*
 * Control frames come by V.21, pages by the modem that the last DCS named (T.30 table 2): a check
 * of training first, then the page, which V.17 begins with a short training that rests on the long
 * one before.
 */

#define EAR_MAGIC       0x46415834u
#define FRAMING_OK      5 /* flags in a row, before frames are believed */
#define DCS_RATE_AT     4
#define DCS_RATE_BITS   0x3c
#define SAMPLES_AT_MOST 160

enum modem { NO_MODEM, V27TER, V29, V17 };

static const struct {
    uint8_t bits;
    enum modem modem;
    int bit_rate;
} rates[] = {{0x00, V27TER, 2400}, {0x08, V27TER, 4800}, {0x0c, V29, 7200},  {0x04, V29, 9600},
             {0x2c, V17, 7200},    {0x24, V17, 9600},    {0x28, V17, 12000}, {0x20, V17, 14400}};

struct ds_fax_ear {
    uint32_t magic;
    fsk_rx_state_t *v21; /* owned, as all of them */
    hdlc_rx_state_t *frames;
    v27ter_rx_state_t *v27ter;
    v29_rx_state_t *v29;
    v17_rx_state_t *v17;
    enum modem modem; /* which of them listens for a page */
    int bit_rate;
    bool was_trained;
    uint8_t byte;
    unsigned bits; /* of it so far */
    struct ds_fax_notes notes;
};

static void start_modem(struct ds_fax_ear *ear)
{
    if (ear->modem == V27TER)
        v27ter_rx_restart(ear->v27ter, ear->bit_rate, 0);
    else if (ear->modem == V29)
        v29_rx_restart(ear->v29, ear->bit_rate, 0);
    else if (ear->modem == V17)
        v17_rx_restart(ear->v17, ear->bit_rate, ear->was_trained);
}

static void read_dcs(struct ds_fax_ear *ear, struct ds_slice frame)
{
    if (frame.len <= DCS_RATE_AT || ds_fax_field(frame) != DS_FAX_DCS)
        return;
    for (size_t i = 0; i < DS_COUNT(rates); i++) {
        if (((uint8_t)frame.at[DCS_RATE_AT] & DCS_RATE_BITS) != rates[i].bits)
            continue;
        ear->modem = rates[i].modem;
        ear->bit_rate = rates[i].bit_rate;
        ear->was_trained = false;
    }
}

static void on_frame(void *owner, const uint8_t *bytes, int len, int good)
{
    struct ds_fax_ear *ear = owner;
    /* What follows a frame may be fast; the end of what is fast looks like that of a frame too. */
    if (len == SIG_STATUS_CARRIER_DOWN && ear->bits == 0)
        start_modem(ear);
    if (len <= 0 || !good)
        return;
    const struct ds_slice frame = {(const char *)bytes, (size_t)len};
    ds_fax_notes_frame(&ear->notes, frame);
    read_dcs(ear, frame);
}

static void end_burst(struct ds_fax_ear *ear)
{
    for (; ear->bits % 8 != 0; ear->bits++)
        ear->byte >>= 1;
    if (ear->bits > 0)
        ds_fax_notes_add_code(&ear->notes, (struct ds_slice){(const char *)&ear->byte, 1});
    ear->bits = 0;
    ds_fax_notes_end_burst(&ear->notes);
    start_modem(ear);
}

static void on_bit(void *owner, int bit)
{
    struct ds_fax_ear *ear = owner;
    if (bit == SIG_STATUS_TRAINING_SUCCEEDED)
        ear->was_trained = true;
    else if (bit == SIG_STATUS_CARRIER_DOWN)
        end_burst(ear);
    if (bit < 0)
        return;
    ear->byte = (uint8_t)(ear->byte >> 1 | (bit != 0 ? 0x80 : 0));
    if (++ear->bits % 8 == 0)
        ds_fax_notes_add_code(&ear->notes, (struct ds_slice){(const char *)&ear->byte, 1});
}

ds_rc ds_fax_ear_new(struct ds_fax_ear **out)
{
    struct ds_fax_ear *ear = calloc(1, sizeof *ear);
    if (ear == NULL)
        return DS_NOMEM;
    ear->magic = EAR_MAGIC;
    ear->frames = hdlc_rx_init(NULL, 0, 0, FRAMING_OK, on_frame, ear);
    ear->v21 = fsk_rx_init(NULL, &preset_fsk_specs[FSK_V21CH2], FSK_FRAME_MODE_SYNC,
                           (put_bit_func_t)hdlc_rx_put_bit, ear->frames);
    ear->v27ter = v27ter_rx_init(NULL, 4800, on_bit, ear);
    ear->v29 = v29_rx_init(NULL, 9600, on_bit, ear);
    ear->v17 = v17_rx_init(NULL, 14400, on_bit, ear);
    if (ear->frames == NULL || ear->v21 == NULL || ear->v27ter == NULL || ear->v29 == NULL ||
        ear->v17 == NULL) {
        ds_fax_ear_free(&ear);
        return DS_NOMEM;
    }
    *out = ear;
    return DS_OK;
}

void ds_fax_ear_free(struct ds_fax_ear **ear)
{
    if (*ear == NULL)
        return;
    DS_CHECK(*ear, EAR_MAGIC);
    free((*ear)->frames);
    free((*ear)->v21);
    free((*ear)->v27ter);
    free((*ear)->v29);
    free((*ear)->v17);
    ds_fax_notes_clean_up(&(*ear)->notes);
    (*ear)->magic = 0;
    free(*ear);
    *ear = NULL;
}

static void hear_part(struct ds_fax_ear *ear, const int16_t *samples, int count)
{
    fsk_rx(ear->v21, samples, count);
    if (ear->modem == V27TER)
        v27ter_rx(ear->v27ter, samples, count);
    else if (ear->modem == V29)
        v29_rx(ear->v29, samples, count);
    else if (ear->modem == V17)
        v17_rx(ear->v17, samples, count);
}

void ds_fax_ear_hear(struct ds_fax_ear *ear, const int16_t *samples, size_t count)
{
    DS_CHECK(ear, EAR_MAGIC);
    while (count > 0) {
        size_t part = count < SAMPLES_AT_MOST ? count : SAMPLES_AT_MOST;
        hear_part(ear, samples, (int)part);
        samples += part;
        count -= part;
    }
}

const struct ds_fax_said *ds_fax_ear_said(const struct ds_fax_ear *ear)
{
    DS_CHECK(ear, EAR_MAGIC);
    return &ear->notes.said;
}
