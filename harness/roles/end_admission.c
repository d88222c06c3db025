#include "admission_internal.h"

/* A client asks for bandwidth on behalf of the call that comes in, before it rings: who answers
   does
   ([MED]). Bypass comes first, and needs none ([MB]). Where there is no room between the two but
   each has an Edge, the call goes from Edge to Edge over the Internet ([CAC], [ICE2BWM]). */

/* Outside, what counts is where the audio comes into the enterprise ([CAC]). */
static struct ds_addr inside(const struct ds_node *node, struct ds_addr at)
{
    const struct ds_topo_node *edge = ds_topo_av_edge(node->topo);
    const struct ds_site *site = ds_topo_site_at(node->topo, at);
    return edge != NULL && site != NULL && site->external ? edge->at : at;
}

static void refuse(struct ds_end *end, bool over_pstn)
{
    end->waits_for_bandwidth = false;
    end->taken = true; /* nobody here hears of it */
    ds_admission_diagnose(end->node, over_pstn, end->headers, sizeof end->headers);
    const struct ds_content content = {.extra_headers = end->headers};
    ds_session_refuse(end->session, DS_NO_BANDWIDTH_STATUS, &content);
    ds_end_over(end, DS_END_FAILED, DS_NO_BANDWIDTH_STATUS, NULL);
}

void ds_end_go_by_internet(struct ds_end *end)
{
    if (!end->by_internet || !end->waits_for_bandwidth || !ds_media_gathered(end->media))
        return;
    end->waits_for_bandwidth = false;
    if (!ds_node_has_defect(end->node, "takes_the_straight_way") &&
        !ds_media_keep_to_server(end->media))
        refuse(end, true); /* its Edge has not answered */
}

static void told(void *owner, enum ds_admission_verdict verdict)
{
    struct ds_end *end = owner;
    bool shuns = ds_node_has_defect(end->node, "shuns_the_internet");
    if (verdict == DS_ADMITTED || ds_node_has_defect(end->node, "ignores_refusals")) {
        end->waits_for_bandwidth = false;
    } else if (verdict == DS_ADMITTED_BY_INTERNET && !shuns) {
        end->by_internet = true;
        ds_end_go_by_internet(end);
    } else {
        refuse(end, verdict != DS_NOT_ADMITTED);
    }
}

/* Of the offer; port 0: none is told. */
static struct ds_addr relay_of(const struct ds_sdp_media *audio)
{
    struct ds_candidate candidate;
    for (size_t i = 0; ds_sdp_candidate(audio, i, &candidate); i++)
        if (candidate.kind == DS_CANDIDATE_RELAYED)
            return candidate.at;
    return (struct ds_addr){.port = 0};
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
    static const struct ds_addr nowhere;
    struct ds_sdp sdp;
    const struct ds_node *node = end->node;
    if (!node->topo->admission || node->place->role != DS_ROLE_CLIENT ||
        ds_node_has_defect(node, "skips_admission"))
        return;
    const struct ds_sdp_media *audio = asked_audio(end, invite, &sdp);
    if (audio == NULL)
        return;
    const struct ds_topo_node *edge = ds_topo_internet_edge(node->topo, node->place);
    const struct ds_admission_wish wish = {.local = inside(node, node->media.at),
                                           .remote = inside(node, audio->at),
                                           .local_relay = edge == NULL ? nowhere : edge->av,
                                           .remote_relay = relay_of(audio),
                                           .call_id = ds_msg_call_id(invite),
                                           .checked = true,
                                           .done = told,
                                           .owner = end};
    end->admission = ds_admission_ask(end->node, &wish);
    end->waits_for_bandwidth = end->admission != NULL;
}
