#include "check_internal.h"

/* BYP-06, BYP-07, BYP-26, BYP-27: what bypass makes of a client's place, and of its age. */

/* Bypass could be, were it not for the client: inside, on a trunk that permits it. */
static bool is_up_to_client(const struct ds_judge *judge, const struct ds_subject *subject)
{
    return ds_meets_decision(subject) && judge->topo->bypass_enabled && subject->trunk->bypass &&
           !ds_is_external(subject->client);
}

/* ---- BYP-06 ---- */

static void offered_behind_link(const struct ds_judge *judge,
                                const struct ds_hop_seen *hop,
                                const struct ds_trunk *trunk,
                                struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(hop->invite);
    (void)trunk;
    if (!judge->topo->bypass_enabled || judge->topo->always_bypass ||
        !ds_is_role(hop->from_node, DS_ROLE_CLIENT) || !hop->from_node->site->constrained ||
        audio == NULL || audio->bypass_id_count == 0)
        return;
    const struct ds_site *site = hop->from_node->site;
    if (ds_slice_equal_nocase(audio->bypass_id, ds_slice_of(site->region->bypass_id)))
        ds_tally_bad(tally, hop->invite->frame,
                     "%s is behind the constrained link of %s, and offers the bypass ID of the "
                     "region %s in frame %u",
                     hop->from_node->name, site->name, site->region->name, hop->invite->frame);
    else
        ds_tally_good(tally, hop->invite->frame);
}

void ds_check_bypass_constrained(struct ds_judge *judge)
{
    ds_judge_hops(judge, "bypass ID of a client behind a constrained link",
                  "offers from behind a constrained link with another bypass ID than the region's",
                  offered_behind_link);
}

/* ---- BYP-07 ---- */

static bool is_branch(const struct ds_site *site)
{
    return site->region != NULL && site->region->central != site;
}

static bool is_between(const struct ds_site *a,
                       const struct ds_site *b,
                       const struct ds_topo *topo,
                       const struct ds_flow *flow)
{
    const struct ds_site *from = ds_topo_site_at(topo, flow->from),
                         *to = ds_topo_site_at(topo, flow->to);
    return (from == a && to == b) || (from == b && to == a);
}

static void one_branch(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    char text[200];
    if (!ds_may_bypass(subject) || !is_branch(subject->client->site) ||
        subject->peer->media_site != subject->client->site ||
        subject->mediation->site != subject->client->site->region->central ||
        !ds_subject_was_up(judge, subject))
        return;
    const struct ds_site *branch = subject->client->site, *central = branch->region->central;
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        ds_flow_text(flow, text, sizeof text);
        if (is_between(branch, central, judge->topo, flow))
            ds_tally_bad(&tally, flow->first_frame, "audio crosses between %s and %s: %s",
                         branch->name, central->name, text);
        else if (is_between(branch, branch, judge->topo, flow))
            ds_tally_good(&tally, flow->first_frame);
    }
    ds_judge_tally(judge, &tally, "flows of the branch's call stay in the branch");
}

void ds_check_bypass_in_branch(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call of a branch's client by the branch's own gateway",
                   one_branch);
}

/* ---- BYP-26, BYP-27 ---- */

static void one_undefined(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (is_up_to_client(judge, subject) && !subject->client->communicator &&
        ds_topo_bypass_id(judge->topo, subject->client) == NULL)
        ds_demand_relay(judge, subject, "the client's net is in no defined site");
}

void ds_check_bypass_undefined(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call of a client whose net has no bypass ID", one_undefined);
}

static void one_earlier(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (is_up_to_client(judge, subject) && subject->client->communicator)
        ds_demand_relay(judge, subject, "the client is older than Lync 2010");
}

void ds_check_bypass_earlier_client(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call of a client older than Lync 2010", one_earlier);
}
