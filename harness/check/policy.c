#include "emergency_internal.h"
#include "location_internal.h"

/* By which trunks a call may leave, and in what order (domain.md 3.2): as the topology has it, told
   from the capture alone. */

static bool is_listed(const struct ds_admitted *admitted, const struct ds_trunk *trunk)
{
    return ds_admitted_place(admitted, trunk) < admitted->count;
}

size_t ds_admitted_place(const struct ds_admitted *admitted, const struct ds_trunk *trunk)
{
    size_t place = 0;
    while (place < admitted->count && admitted->trunks[place] != trunk)
        place++;
    return place;
}

/* Which trunks are asked about: those that are restricted to a site, too? */
enum trunks { ALL_TRUNKS, UNRESTRICTED };

static void add_route(const struct ds_topo *topo,
                      const struct ds_route *route,
                      enum trunks which,
                      struct ds_admitted *out)
{
    for (size_t i = 0; i < route->via_count && out->count < DS_TRUNKS_MOST; i++) {
        const struct ds_trunk *trunk = ds_topo_peer_trunk(topo, route->via[i]);
        if (is_listed(out, trunk) || (which == UNRESTRICTED && trunk->restricted_to != NULL))
            continue;
        out->trunks[out->count] = trunk;
        out->routes[out->count++] = route;
    }
}

static void collect(const struct ds_topo *topo,
                    const struct ds_usages *usages,
                    struct ds_slice number,
                    enum trunks which,
                    struct ds_admitted *out)
{
    *out = (struct ds_admitted){.count = 0};
    for (size_t i = 0; i < usages->count; i++) {
        for (size_t k = 0; k < topo->route_count; k++)
            if (ds_route_serves(&topo->routes[k], usages->names[i], number))
                add_route(topo, &topo->routes[k], which, out);
        if (out->of_first_usage == 0)
            out->of_first_usage = out->count;
    }
}

static bool has_restricted(const struct ds_admitted *admitted)
{
    for (size_t i = 0; i < admitted->count; i++)
        if (admitted->trunks[i]->restricted_to != NULL)
            return true;
    return false;
}

void ds_admitted_find(const struct ds_topo *topo,
                      const struct ds_usages *usages,
                      const struct ds_site *location,
                      struct ds_slice number,
                      struct ds_admitted *out)
{
    bool routed_here = location != NULL && location->voice_routing_policy.count > 0;
    collect(topo, usages, number, ALL_TRUNKS, out);
    if (out->count == 0 || (!routed_here && !has_restricted(out)) || usages->anywhere)
        return;
    if (routed_here)
        collect(topo, &location->voice_routing_policy, number, ALL_TRUNKS, out);
    else
        collect(topo, usages, number, UNRESTRICTED, out);
    out->by_location = true;
}

/* ---- of a call that was seen ---- */

static const struct ds_trunk *came_in_by(const struct ds_judge *judge, const struct ds_call *call)
{
    const struct ds_trunk *trunk = NULL;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        const struct ds_trunk *taken = ds_judge_trunk(judge, hop->from_node, hop->to_node);
        if (trunk == NULL && taken != NULL && taken->b == hop->from_node)
            trunk = taken;
        if (trunk != NULL && ds_is_role(hop->to_node, DS_ROLE_POOL))
            return trunk;
    }
    return NULL;
}

/* What the Mediation Server calls itself, to join two legs, is the call of the party that stays. */
const struct ds_trunk *ds_subject_came_in_by(const struct ds_judge *judge,
                                             const struct ds_subject *subject)
{
    bool joined =
        subject->before != NULL && ds_is_role(subject->call->hops[0].from_node, DS_ROLE_MEDIATION);
    return joined ? subject->before->trunk : came_in_by(judge, subject->call);
}

/* A call that goes on is its user's, whoever has called; an emergency call has its own. */
static const struct ds_usages *usages_of(const struct ds_judge *judge,
                                         const struct ds_subject *subject)
{
    const struct ds_topo_node *user = subject->left_count > 0
                                          ? subject->left[subject->left_count - 1].user
                                          : subject->caller->user;
    const struct ds_location_policy *emergency = ds_subject_emergency(subject);
    if (emergency != NULL)
        return &emergency->usages;
    if (user != NULL)
        return &user->voice_policy;
    const struct ds_trunk *trunk = ds_subject_came_in_by(judge, subject);
    return trunk == NULL ? NULL : &trunk->usages;
}

void ds_subject_admit(struct ds_judge *judge, struct ds_subject *subject)
{
    if (!judge->topo->by_usages || subject->row == NULL || subject->row->to == DS_PARTY_EV)
        return;
    subject->usages = usages_of(judge, subject);
    if (subject->usages == NULL)
        return;
    struct ds_admitted *admitted = ds_arena_alloc(judge->findings->arena, sizeof *admitted);
    if (admitted == NULL) {
        judge->out_of_memory = true;
        return;
    }
    ds_admitted_find(judge->topo, subject->usages, ds_subject_location(judge, subject),
                     ds_slice_of(subject->number), admitted);
    subject->admitted = admitted;
}
