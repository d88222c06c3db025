#include "course_internal.h"

#include <stdio.h>

/* A road is what the option lays down: roles, in the order that an INVITE or audio passes them. */

static bool role_of(struct ds_slice word, enum ds_role_kind *out)
{
    for (enum ds_role_kind role = DS_ROLE_CLIENT; role < DS_ROLE_COUNT; role++) {
        if (ds_slice_equal(word, ds_slice_of(ds_role_name(role)))) {
            *out = role;
            return true;
        }
    }
    return false;
}

bool ds_road_parse(const char *text, size_t reading, struct ds_road *out)
{
    struct ds_slice rest = ds_slice_of(text), part = {NULL, 0}, word;
    *out = (struct ds_road){.count = 0};
    for (size_t i = 0; i <= reading; i++)
        if (!ds_slice_cut(&rest, '|', &part))
            return false;
    while (ds_slice_cut(&part, ' ', &word) && out->count < DS_ROAD_MOST)
        if (role_of(word, &out->roles[out->count]))
            out->count++;
    return true;
}

bool ds_road_has(const struct ds_road *road, enum ds_role_kind role)
{
    for (size_t i = 0; i < road->count; i++)
        if (road->roles[i] == role)
            return true;
    return false;
}

enum ds_role_kind ds_road_peer(const struct ds_road *road)
{
    if (ds_road_has(road, DS_ROLE_GATEWAY))
        return DS_ROLE_GATEWAY;
    if (ds_road_has(road, DS_ROLE_SBC))
        return DS_ROLE_SBC;
    return ds_road_has(road, DS_ROLE_ANALOGUE_GATEWAY) ? DS_ROLE_ANALOGUE_GATEWAY : DS_ROLE_PBX;
}

void ds_road_insert(struct ds_road *road, size_t at, enum ds_role_kind role)
{
    if (road->count == DS_ROAD_MOST)
        return;
    for (size_t i = road->count++; i > at; i--)
        road->roles[i] = road->roles[i - 1];
    road->roles[at] = role;
}

bool ds_road_of(const struct ds_subject *subject, size_t reading, struct ds_road *out)
{
    if (subject->row == NULL || !ds_road_parse(subject->row->route, reading, out) ||
        (subject->before != NULL && reading == DS_READING_JOINED && subject->replaced == NULL))
        return false;
    ds_road_shorten(subject, out);
    if (ds_road_cut(subject, out))
        return true;
    if (!subject->assigned && out->count > 1)
        out->count--;
    if (subject->assigned && ds_is_external(subject->callee))
        ds_road_insert(out, out->count - 1, DS_ROLE_EDGE);
    if (ds_is_external(subject->caller) && out->roles[0] == DS_ROLE_CLIENT)
        ds_road_insert(out, 1, DS_ROLE_EDGE);
    return true;
}

/* One more device of the user who is called: it rings with the others. */
static bool is_device_of(const struct ds_subject *subject, const struct ds_topo_node *node)
{
    return node != NULL && node->user != NULL && subject->callee != NULL &&
           node->user == subject->callee->user;
}

/* The ends of a road are these two nodes, not just any of their role. */
static bool stands_at(const struct ds_subject *subject,
                      const struct ds_road *road,
                      size_t at,
                      const struct ds_topo_node *node)
{
    if (!ds_is_role(node, road->roles[at]))
        return false;
    bool last = at + 1 == road->count && subject->assigned &&
                (subject->callee == NULL || subject->callee->role == road->roles[at]);
    return !last || subject->callee == NULL || node == subject->callee ||
           is_device_of(subject, node);
}

/* A call takes few hops; a capture that shows more of them is looked at no further around each. */
#define NEAR 32

size_t ds_road_near(size_t at)
{
    return at > NEAR ? at - NEAR : 0;
}

static bool was_left_for_another(const struct ds_call *call, size_t at)
{
    const struct ds_hop_seen *hop = &call->hops[at];
    if (!ds_hop_was_left(call, hop))
        return false;
    for (size_t i = at + 1; i < call->hop_count && i <= at + NEAR; i++)
        if (ds_addr_same_ip(call->hops[i].from, hop->from) &&
            !ds_addr_same_ip(call->hops[i].to, hop->to))
            return true;
    return false;
}

bool ds_hop_is_aside(const struct ds_call *call, size_t at)
{
    if (was_left_for_another(call, at))
        return true;
    for (size_t i = ds_road_near(at); i < at; i++)
        if (ds_addr_same_ip(call->hops[i].to, call->hops[at].from) && was_left_for_another(call, i))
            return true;
    return false;
}

/* A second try over the same two elements makes no other road. */
static bool is_repeated(const struct ds_subject *subject, size_t at)
{
    const struct ds_call *call = subject->call;
    for (size_t i = ds_road_near(at); i < at; i++)
        if (ds_addr_same_ip(call->hops[i].from, call->hops[at].from) &&
            ds_addr_same_ip(call->hops[i].to, call->hops[at].to) &&
            !ds_subject_hop_is_aside(subject, i))
            return true;
    return false;
}

void ds_road_walk(const struct ds_subject *subject,
                  const struct ds_road *road,
                  struct ds_walk *walk)
{
    const struct ds_call *call = subject->call;
    const struct ds_topo_node *here = call->hops[0].from_node;
    *walk = (struct ds_walk){.reached = stands_at(subject, road, 0, here)};
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (ds_subject_hop_is_aside(subject, i) || is_repeated(subject, i))
            continue;
        if (walk->reached > 0 && walk->reached < road->count && hop->from_node == here &&
            stands_at(subject, road, walk->reached, hop->to_node)) {
            here = hop->to_node;
            walk->last = hop;
            walk->reached++;
        } else if (walk->extra == NULL &&
                   !(walk->reached == road->count && is_device_of(subject, hop->to_node))) {
            walk->extra = hop;
        }
    }
}

/* A road may pass two elements of a role: two gateways, between which a call crosses the pool. */
static size_t count_before(const struct ds_road *road, size_t at)
{
    size_t count = 0;
    for (size_t i = 1; i < at; i++)
        count += road->roles[i] == road->roles[at];
    return count;
}

const struct ds_topo_node *ds_road_node(const struct ds_judge *judge,
                                        const struct ds_subject *subject,
                                        const struct ds_road *road,
                                        size_t at)
{
    const struct ds_call *call = subject->call;
    if (at == 0)
        return subject->caller;
    if (at + 1 == road->count)
        return subject->callee != NULL ? subject->callee : call->to_node;
    size_t others = count_before(road, at);
    const struct ds_topo_node *behind = ds_subject_passed(subject, road->roles[at]);
    if (others > 0 && behind != NULL)
        return behind;
    if (subject->before != NULL && ds_is_role(call->hops[0].from_node, road->roles[at]))
        return call->hops[0].from_node;
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].to_node, road->roles[at]) &&
            !ds_subject_hop_is_aside(subject, i) && others-- == 0)
            return call->hops[i].to_node;
    if (behind != NULL)
        return behind;
    if (subject->before != NULL && ds_is_role(subject->peer, road->roles[at]))
        return subject->peer;
    return ds_topo_first(judge->topo, road->roles[at]);
}

void ds_road_text(const struct ds_road *road, char *out, size_t size)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < road->count && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i == 0 ? "" : " ",
                                ds_role_name(road->roles[i]));
}
