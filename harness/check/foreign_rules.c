#include "check_internal.h"

/* MED-31: offers on a trunk that the other side can make nothing of. */

static bool has_g711(const struct ds_sdp_media *audio)
{
    return ds_sdp_find_format(audio, "PCMU") != NULL || ds_sdp_find_format(audio, "PCMA") != NULL;
}

bool ds_hop_is_foreign(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    const struct ds_sdp_media *audio = ds_event_audio(hop->invite);
    return audio != NULL && !has_g711(audio) &&
           ds_judge_trunk(judge, hop->from_node, hop->to_node) != NULL;
}

static void foreign_offer(const struct ds_judge *judge,
                          const struct ds_hop_seen *hop,
                          const struct ds_trunk *trunk,
                          struct ds_tally *tally)
{
    (void)trunk;
    if (hop->final == NULL || !ds_hop_is_foreign(judge, hop))
        return;
    if (hop->final_status == 488)
        ds_tally_good(tally, hop->final->frame);
    else
        ds_tally_bad(tally, hop->final->frame,
                     "the offer of frame %u has no G.711, and %s answers with %d in frame %u",
                     hop->invite->frame, hop->to_node->name, hop->final_status, hop->final->frame);
}

void ds_check_foreign_codec(struct ds_judge *judge)
{
    ds_judge_hops(judge, "offer without G.711 on a trunk",
                  "offers without G.711 on a trunk, refused with 488", foreign_offer);
}
