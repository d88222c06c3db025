#include "admission_internal.h"

/* A client asks for bandwidth on behalf of the call that comes in, before it rings: who answers
   does
   ([MED]). Bypass comes first, and needs none ([MB]). */

/* Outside, what counts is where the audio comes into the enterprise ([CAC]). */
static struct ds_addr inside(const struct ds_node *node, struct ds_addr at)
{
    const struct ds_topo_node *edge = ds_topo_av_edge(node->topo);
    const struct ds_site *site = ds_topo_site_at(node->topo, at);
    return edge != NULL && site != NULL && site->external ? edge->at : at;
}

static void told(void *owner, bool granted, bool over_pstn)
{
    struct ds_end *end = owner;
    end->waits_for_bandwidth = false;
    if (granted || ds_node_has_defect(end->node, "ignores_refusals"))
        return;
    end->taken = true; /* nobody here hears of it */
    ds_admission_diagnose(end->node, over_pstn, end->headers, sizeof end->headers);
    const struct ds_content content = {.extra_headers = end->headers};
    ds_session_refuse(end->session, DS_NO_BANDWIDTH_STATUS, &content);
    ds_end_over(end, DS_END_FAILED, DS_NO_BANDWIDTH_STATUS, NULL);
}

/* The audio that it is to share a path with; NULL: none, or one that bypasses. */
static const struct ds_sdp_media *
asked_audio(struct ds_end *end, const struct ds_msg *invite, struct ds_sdp *sdp)
{
    struct ds_slice replaces;
    const struct ds_sdp_media *audio = end->line->choose_offer(end, invite, sdp);
    bool bypasses = end->accepted_content_id[0] != '\0' &&
                    !ds_node_has_defect(end->node, "reserves_despite_bypass");
    return bypasses || ds_msg_header(invite, "Replaces", 0, &replaces) ? NULL : audio;
}

void ds_end_ask_for_bandwidth(struct ds_end *end, const struct ds_msg *invite)
{
    struct ds_sdp sdp;
    const struct ds_node *node = end->node;
    if (!node->topo->admission || node->place->role != DS_ROLE_CLIENT ||
        ds_node_has_defect(node, "skips_admission"))
        return;
    const struct ds_sdp_media *audio = asked_audio(end, invite, &sdp);
    if (audio == NULL)
        return;
    const struct ds_admission_wish wish = {.local = inside(node, node->media.at),
                                           .remote = inside(node, audio->at),
                                           .call_id = ds_msg_call_id(invite),
                                           .checked = true,
                                           .done = told,
                                           .owner = end};
    end->admission = ds_admission_ask(end->node, &wish);
    end->waits_for_bandwidth = end->admission != NULL;
}
