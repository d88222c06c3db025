#include "fax_internal.h"

#include <stdlib.h>

#include <spandsp.h>

struct ds_fax_tones {
    modem_connect_tones_rx_state_t *rx; /* owned */
    bool heard;
};

static void on_tone(void *owner, int tone, int level, int delay)
{
    struct ds_fax_tones *tones = owner;
    (void)level;
    (void)delay;
    if (tone == MODEM_CONNECT_TONES_FAX_CED || tone == MODEM_CONNECT_TONES_FAX_PREAMBLE)
        tones->heard = true;
}

ds_rc ds_fax_tones_new(struct ds_fax_tones **out)
{
    struct ds_fax_tones *tones = calloc(1, sizeof *tones);
    if (tones == NULL)
        return DS_NOMEM;
    tones->rx =
        modem_connect_tones_rx_init(NULL, MODEM_CONNECT_TONES_FAX_CED_OR_PREAMBLE, on_tone, tones);
    if (tones->rx == NULL) {
        free(tones);
        return DS_NOMEM;
    }
    *out = tones;
    return DS_OK;
}

void ds_fax_tones_free(struct ds_fax_tones **tones)
{
    if (*tones == NULL)
        return;
    modem_connect_tones_rx_free((*tones)->rx);
    free(*tones);
    *tones = NULL;
}

bool ds_fax_tones_hear(struct ds_fax_tones *tones, const int16_t *samples, size_t count)
{
    if (!tones->heard)
        modem_connect_tones_rx(tones->rx, samples, (int)count);
    return tones->heard;
}
