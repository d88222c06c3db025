#include "crypto_internal.h"

/* SRTP on either leg of a bridge: keys of our own where audio passes us, and the ends' own keys
   where it does not. */

static enum ds_encryption encryption_of(const struct ds_bridge_side *side)
{
    return ds_node_encryption(side->bridge->node, side->peer);
}

bool ds_bridge_takes(const struct ds_bridge_side *side, const struct ds_sdp_media *audio)
{
    return ds_encryption_takes(encryption_of(side), audio);
}

/* Past us: what the other end lists, and says that it takes, is for this one. */
static bool pass_keys_on(const struct ds_bridge_side *side,
                         const struct ds_sdp_media *of_other,
                         const struct ds_sdp_media *answers,
                         struct ds_buf *keys,
                         struct ds_sdp_secure *out)
{
    if (ds_sdp_security_read(of_other).security != DS_SDP_PLAIN)
        ds_sdp_crypto_copy(of_other, keys);
    return answers == NULL
               ? ds_secure_offer(encryption_of(side), ds_buf_slice(keys), out)
               : ds_secure_answer(DS_ENCRYPTION_OPTIONAL, ds_buf_slice(keys), answers, out);
}

/* Defects. */
static void misstate(const struct ds_bridge_side *side, bool answers, struct ds_sdp_secure *out)
{
    const struct ds_node *node = side->bridge->node;
    if (!ds_bridge_on_sip_trunk(side))
        return;
    if (answers && ds_node_has_defect(node, "answers_in_clear"))
        *out = (struct ds_sdp_secure){.security = DS_SDP_PLAIN};
    if (!answers && ds_node_has_defect(node, "leaves_srtp_open"))
        out->security = DS_SDP_BEST_EFFORT;
    if (!answers && ds_node_has_defect(node, "insists_on_srtp"))
        out->security = DS_SDP_SECURE;
    if (ds_node_has_defect(node, "crypto_on_plain_trunk"))
        out->crypto = DS_LITERAL("a=crypto:1 AES_CM_128_HMAC_SHA1_80 "
                                 "inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^31\r\n");
}

bool ds_bridge_secure(struct ds_bridge_side *side,
                      const struct ds_sdp_media *of_other,
                      const struct ds_sdp_media *answers,
                      struct ds_buf *keys,
                      struct ds_sdp_secure *out)
{
    bool relays_answer = answers != NULL && of_other != NULL;
    if (relays_answer && !ds_bridge_takes(ds_bridge_other(side), of_other))
        return false;
    bool said = keys != NULL ? pass_keys_on(side, of_other, answers, keys, out)
                             : ds_secure_media(side->media, encryption_of(side), answers, out);
    misstate(side, answers != NULL, out);
    return said;
}
