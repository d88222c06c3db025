#include "crypto_internal.h"

/* MS-OCPSTN 3.7: an offer may show the Mediation Server's audio and the gateway's side by side; the
   gateway's is taken where its bypass ID is ours, and the answer names what it took. */
const struct ds_sdp_media *
ds_end_choose_bypass(struct ds_end *end, const struct ds_msg *msg, struct ds_sdp *sdp)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    const struct ds_topo *topo = end->node->topo;
    const char *own_id = ds_topo_bypass_id(topo, end->node->place);
    size_t count = ds_msg_parts(msg, parts);
    for (size_t i = 0; i < count; i++) {
        if (!ds_slice_starts_nocase(parts[i].content_type, DS_LITERAL("application/gw-sdp")) ||
            ds_sdp_parse(parts[i].body, sdp, NULL) != DS_OK)
            continue;
        const struct ds_sdp_media *audio = ds_sdp_audio(sdp);
        if (audio != NULL && own_id != NULL &&
            ds_slice_equal_nocase(audio->bypass_id, ds_slice_of(own_id)) &&
            ds_encryption_takes(topo->encryption, audio)) {
            ds_slice_copy(parts[i].content_id, end->accepted_content_id,
                          sizeof end->accepted_content_id);
            return audio;
        }
    }
    return ds_message_audio(msg, sdp);
}
