#include "sdp_internal.h"

/*
 * Best effort by RFC 5939, as the Mediation Server writes it (domain.md 5.3):
 *
 *   m=audio 52000 RTP/AVP 8 101
 *   a=tcap:1 RTP/SAVP
 *   a=pcfg:1 t=1
 *
 * and who takes it answers with m=audio … RTP/SAVP and a=acfg:1 t=1.
 */

/* "1 RTP/SAVPF RTP/SAVP": the first of the capabilities has that number, the others those after it.
 */
static bool find_transport(const struct ds_sdp_media *media, uint32_t *out)
{
    struct ds_slice value, word;
    uint64_t number;
    for (size_t i = 0; ds_sdp_attribute(media, "tcap", i, &value); i++) {
        if (!ds_sdp_word_cut(&value, &word) || ds_slice_number(word, INT32_MAX, &number) != DS_OK)
            continue;
        for (; ds_sdp_word_cut(&value, &word); number++) {
            *out = (uint32_t)number;
            if (ds_slice_equal_nocase(word, DS_LITERAL("RTP/SAVP")))
                return true;
        }
    }
    return false;
}

/* "t=1|2": one of them. */
static bool names_transport(struct ds_slice word, uint32_t transport)
{
    struct ds_slice part;
    uint64_t number;
    if (!ds_slice_starts_nocase(word, DS_LITERAL("t=")))
        return false;
    word = ds_slice_from(word, 2);
    while (word.len > 0 && ds_slice_cut(&word, '|', &part))
        if (ds_slice_number(part, INT32_MAX, &number) == DS_OK && number == transport)
            return true;
    return false;
}

/* "1 t=1": the first that asks for this transport. */
static bool find_configuration(const struct ds_sdp_media *media, uint32_t transport, uint32_t *out)
{
    struct ds_slice value, word;
    uint64_t number;
    for (size_t i = 0; ds_sdp_attribute(media, "pcfg", i, &value); i++) {
        if (!ds_sdp_word_cut(&value, &word) || ds_slice_number(word, INT32_MAX, &number) != DS_OK)
            continue;
        *out = (uint32_t)number;
        while (ds_sdp_word_cut(&value, &word))
            if (names_transport(word, transport))
                return true;
    }
    return false;
}

struct ds_sdp_secure ds_sdp_security_read(const struct ds_sdp_media *media)
{
    struct ds_sdp_secure secure = {.security = DS_SDP_PLAIN};
    if (ds_sdp_is_secure(media))
        secure.security = DS_SDP_SECURE;
    else if (media->has_tcap && find_transport(media, &secure.transport) &&
             find_configuration(media, secure.transport, &secure.configuration))
        secure.security = DS_SDP_BEST_EFFORT;
    return secure;
}
