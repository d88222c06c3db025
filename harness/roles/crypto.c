#include "crypto_internal.h"

/* What the elements say of SRTP to one another (RFC 4568, RFC 5939; domain.md 2.3, 5.3). */

enum ds_encryption ds_node_encryption(const struct ds_node *node, const struct ds_topo_node *peer)
{
    bool lacks = ds_node_has_defect(node, "lacks_srtp");
    bool user_side =
        node->place->role == DS_ROLE_CLIENT || node->place->role == DS_ROLE_CONFERENCING;
    if (peer == NULL && !user_side)
        return DS_ENCRYPTION_OFF;
    return lacks ? DS_ENCRYPTION_OFF : ds_topo_encryption(node->topo, node->place, peer);
}

bool ds_encryption_takes(enum ds_encryption encryption, const struct ds_sdp_media *audio)
{
    struct ds_sdp_crypto crypto;
    enum ds_sdp_security security = ds_sdp_security_read(audio).security;
    if (security != DS_SDP_PLAIN && encryption != DS_ENCRYPTION_OFF &&
        ds_sdp_crypto_choose(audio, &crypto))
        return true;
    return security != DS_SDP_SECURE && encryption != DS_ENCRYPTION_REQUIRED;
}

bool ds_secure_offer(enum ds_encryption encryption,
                     struct ds_slice crypto,
                     struct ds_sdp_secure *out)
{
    bool required = encryption == DS_ENCRYPTION_REQUIRED;
    *out = (struct ds_sdp_secure){.security = DS_SDP_PLAIN};
    if (encryption == DS_ENCRYPTION_OFF || crypto.len == 0)
        return !required;
    out->security = required ? DS_SDP_SECURE : DS_SDP_BEST_EFFORT;
    out->crypto = crypto;
    return true;
}

bool ds_secure_answer(enum ds_encryption encryption,
                      struct ds_slice crypto,
                      const struct ds_sdp_media *offer,
                      struct ds_sdp_secure *out)
{
    *out = ds_sdp_security_read(offer);
    if (out->security == DS_SDP_PLAIN)
        return encryption != DS_ENCRYPTION_REQUIRED;
    if (encryption != DS_ENCRYPTION_OFF && crypto.len > 0) {
        out->crypto = crypto;
        out->security = out->security == DS_SDP_SECURE ? DS_SDP_SECURE : DS_SDP_TAKEN;
        return true;
    }
    bool may_do_without =
        out->security == DS_SDP_BEST_EFFORT && encryption != DS_ENCRYPTION_REQUIRED;
    *out = (struct ds_sdp_secure){.security = DS_SDP_PLAIN};
    return may_do_without;
}

bool ds_secure_media(struct ds_media *media,
                     enum ds_encryption encryption,
                     const struct ds_sdp_media *answers,
                     struct ds_sdp_secure *out)
{
    bool plain_offer = answers != NULL && ds_sdp_security_read(answers).security == DS_SDP_PLAIN;
    bool keyless = encryption == DS_ENCRYPTION_OFF || plain_offer;
    struct ds_slice crypto = keyless ? (struct ds_slice){NULL, 0} : ds_media_crypto(media, answers);
    return answers == NULL ? ds_secure_offer(encryption, crypto, out)
                           : ds_secure_answer(encryption, crypto, answers, out);
}
