#include "rtp.h"

#include <stdlib.h>

#include <spandsp/telephony.h>

#include <spandsp/g722.h>

/* G.711 says each sample anew; G.722 adapts to all that came before, in the library's own state. */

#define G722_BITS_PER_SECOND 64000
#define G722_SAMPLES_A_BYTE  2

enum kind { PCMU, PCMA, G722 };

static const struct {
    const char *encoding;
    uint32_t rate_hz; /* of the samples; RTP counts G.722 at 8000 all the same (RFC 3551 4.5.2) */
} kinds[] = {[PCMU] = {"PCMU", 8000}, [PCMA] = {"PCMA", 8000}, [G722] = {"G722", 16000}};

struct ds_decoder {
    enum kind kind;
    g722_decode_state_t *g722; /* owned; NULL unless G.722 */
};

static bool find_kind(const char *encoding, enum kind *out)
{
    for (size_t i = 0; i < DS_COUNT(kinds); i++) {
        if (!ds_slice_equal_nocase(ds_slice_of(encoding), ds_slice_of(kinds[i].encoding)))
            continue;
        *out = (enum kind)i;
        return true;
    }
    return false;
}

ds_rc ds_decoder_new(const char *encoding, struct ds_decoder **out)
{
    enum kind kind = PCMU;
    if (!find_kind(encoding, &kind))
        return DS_BAD;
    struct ds_decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL)
        return DS_NOMEM;
    decoder->kind = kind;
    if (kind == G722)
        decoder->g722 = g722_decode_init(NULL, G722_BITS_PER_SECOND, 0);
    if (kind == G722 && decoder->g722 == NULL) {
        free(decoder);
        return DS_NOMEM;
    }
    *out = decoder;
    return DS_OK;
}

void ds_decoder_free(struct ds_decoder **decoder)
{
    if (*decoder == NULL)
        return;
    if ((*decoder)->g722 != NULL)
        g722_decode_free((*decoder)->g722);
    free(*decoder);
    *decoder = NULL;
}

uint32_t ds_decoder_rate_hz(const struct ds_decoder *decoder)
{
    return kinds[decoder->kind].rate_hz;
}

size_t
ds_decoder_decode(struct ds_decoder *decoder, struct ds_slice payload, int16_t *out, size_t most)
{
    if (decoder->kind == G722) {
        size_t len =
            payload.len < most / G722_SAMPLES_A_BYTE ? payload.len : most / G722_SAMPLES_A_BYTE;
        return (size_t)g722_decode(decoder->g722, out, (const uint8_t *)payload.at, (int)len);
    }
    uint8_t payload_type = decoder->kind == PCMU ? DS_PT_PCMU : DS_PT_PCMA;
    size_t len = payload.len < most ? payload.len : most;
    for (size_t i = 0; i < len; i++)
        out[i] = ds_g711_decode(payload_type, (uint8_t)payload.at[i]);
    return len;
}
