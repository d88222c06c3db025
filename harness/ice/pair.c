#include "ice_internal.h"

#include <stdlib.h>

/* Pairs of our two ways out (the socket, and by the server) with what the peer has: RFC 8445 6.1.2.
 * A server-reflexive candidate's base is the socket, so that it makes no pair of its own. */

static uint32_t local_priority(bool relayed)
{
    return ds_candidate_priority(relayed ? DS_CANDIDATE_RELAYED : DS_CANDIDATE_HOST);
}

/* RFC 8445 6.1.2.3 */
static uint64_t pair_priority(const struct ds_ice *ice, const struct ds_ice_pair *pair)
{
    uint64_t ours = local_priority(pair->relayed), theirs = pair->remote_priority;
    uint64_t controlling = ice->controlling ? ours : theirs;
    uint64_t controlled = ice->controlling ? theirs : ours;
    uint64_t low = controlling < controlled ? controlling : controlled;
    uint64_t high = controlling < controlled ? controlled : controlling;
    return low << 32 | (high << 1 & UINT32_MAX) | (controlling > controlled ? 1 : 0);
}

struct ds_ice_pair *ds_pair_find(struct ds_ice *ice, bool relayed, struct ds_addr remote)
{
    for (size_t i = 0; i < ice->pair_count; i++)
        if (ice->pairs[i].relayed == relayed && ds_addr_equal(ice->pairs[i].remote, remote))
            return &ice->pairs[i];
    return NULL;
}

/* Timers lie in their pairs, so pairs stay where they are and are looked through for the best. */
struct ds_ice_pair *
ds_pair_add(struct ds_ice *ice, bool relayed, struct ds_addr remote, uint32_t remote_priority)
{
    if (ice->pair_count == DS_ICE_MOST_PAIRS || (ice->kept_to_server && !relayed))
        return NULL;
    struct ds_ice_pair *pair = &ice->pairs[ice->pair_count++];
    *pair = (struct ds_ice_pair){
        .ice = ice, .relayed = relayed, .remote = remote, .remote_priority = remote_priority};
    pair->priority = pair_priority(ice, pair);
    return pair;
}

void ds_pairs_form(struct ds_ice *ice, const struct ds_sdp_media *peer)
{
    struct ds_candidate candidate;
    for (size_t i = 0; i < DS_ICE_MOST_REMOTE && ds_sdp_candidate(peer, i, &candidate); i++) {
        if (ice->kept_to_server && candidate.kind != DS_CANDIDATE_RELAYED)
            continue;
        if (ds_pair_find(ice, false, candidate.at) == NULL)
            (void)ds_pair_add(ice, false, candidate.at, candidate.priority);
        if (ds_ice_is_relayed(ice) && ds_pair_find(ice, true, candidate.at) == NULL)
            (void)ds_pair_add(ice, true, candidate.at, candidate.priority);
    }
    if (ds_ice_is_relayed(ice) && ice->pair_count > 0)
        ds_relay_permit(ice);
}

void ds_pairs_clear(struct ds_ice *ice)
{
    for (size_t i = 0; i < ice->pair_count; i++)
        ds_timer_stop(ds_ice_clock(ice), &ice->pairs[i].again);
    ice->pair_count = 0;
}

void ds_pairs_rank(struct ds_ice *ice)
{
    for (size_t i = 0; i < ice->pair_count; i++)
        ice->pairs[i].priority = pair_priority(ice, &ice->pairs[i]);
}
