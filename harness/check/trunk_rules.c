#include "check_internal.h"

/* TOPO-08, TOPO-12 … TOPO-17: over which transport, port and identity the elements talk. */

static uint16_t port_of(const struct ds_trunk *trunk, const struct ds_topo_node *node)
{
    return trunk->a == node ? trunk->a_port : trunk->b_port;
}

static void demand_port(const struct ds_hop_seen *hop, uint16_t port, struct ds_tally *tally)
{
    if (hop->to.port == port)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%s calls %s at port %u in frame %u, and its trunk's port there is %u",
                     ds_node_name(hop->from_node), ds_node_name(hop->to_node), hop->to.port,
                     hop->invite->frame, port);
}

/* ---- TOPO-08 ---- */

static const struct ds_trunk *pbx_trunk(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    bool there =
        ds_is_role(hop->from_node, DS_ROLE_GATEWAY) && ds_is_role(hop->to_node, DS_ROLE_PBX);
    bool back =
        ds_is_role(hop->from_node, DS_ROLE_PBX) && ds_is_role(hop->to_node, DS_ROLE_GATEWAY);
    return there || back ? ds_topo_trunk(judge->topo, hop->from_node, hop->to_node) : NULL;
}

static void one_two_trunks(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally inner = {0}, outer = {0};
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        const struct ds_trunk *trunk = pbx_trunk(judge, hop);
        if (trunk != NULL)
            demand_port(hop, port_of(trunk, hop->to_node), &outer);
        if (ds_judge_trunk(judge, hop->from_node, hop->to_node) != NULL)
            ds_tally_good(&inner, hop->invite->frame);
    }
    if (outer.bad > 0 || (outer.good > 0 && inner.good > 0))
        ds_judge_tally(judge, &outer,
                       "INVITE between gateway and PBX, on a trunk of its own beside that to the "
                       "Mediation Server");
}

void ds_check_in_front_two_trunks(struct ds_judge *judge)
{
    judge->sought = "call over both trunks of a gateway in front of the PBX";
    if (judge->topo->option == DS_IN_FRONT_OF_PBX)
        ds_judge_calls(judge, judge->sought, one_two_trunks);
}

/* ---- TOPO-12 … TOPO-15 ---- */

static void pool_hop(const struct ds_judge *judge,
                     const struct ds_hop_seen *hop,
                     const struct ds_trunk *trunk,
                     struct ds_tally *tally)
{
    bool in =
        ds_is_role(hop->from_node, DS_ROLE_POOL) && ds_is_role(hop->to_node, DS_ROLE_MEDIATION);
    bool out =
        ds_is_role(hop->from_node, DS_ROLE_MEDIATION) && ds_is_role(hop->to_node, DS_ROLE_POOL);
    (void)judge;
    (void)trunk;
    if (!in && !out)
        return;
    uint16_t port = ds_topo_port(hop->to_node, DS_TLS);
    if (hop->transport == DS_TLS && hop->to.port == port)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%s calls %s over %s at port %u in frame %u; it is to be TLS at port %u",
                     hop->from_node->name, hop->to_node->name, ds_transport_name(hop->transport),
                     hop->to.port, hop->invite->frame, port);
}

void ds_check_pool_mediation_tls(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE between pool and Mediation Server",
                  "INVITEs between pool and Mediation Server, over TLS at the right port",
                  pool_hop);
}

static void
trunk_message(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    if (ds_judge_trunk(judge, event->from_node, event->to_node) == NULL)
        return;
    if (event->transport != DS_UDP)
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame, "%s and %s talk over UDP in frame %u",
                     event->from_node->name, event->to_node->name, event->frame);
}

void ds_check_trunk_transport(struct ds_judge *judge)
{
    ds_judge_messages(judge, "message on a SIP trunk", "messages on SIP trunks, over TCP or TLS",
                      trunk_message);
}

static void peer_hop(const struct ds_judge *judge,
                     const struct ds_hop_seen *hop,
                     const struct ds_trunk *trunk,
                     struct ds_tally *tally)
{
    (void)judge;
    if (trunk != NULL && trunk->a == hop->from_node)
        demand_port(hop, trunk->b_port, tally);
}

void ds_check_trunk_peer_port(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE from a Mediation Server to its peer",
                  "INVITEs to the trunk's peer, at its port", peer_hop);
}

static void mediation_hop(const struct ds_judge *judge,
                          const struct ds_hop_seen *hop,
                          const struct ds_trunk *trunk,
                          struct ds_tally *tally)
{
    (void)judge;
    if (trunk != NULL && trunk->a == hop->to_node)
        demand_port(hop, trunk->a_port, tally);
}

void ds_check_trunk_mediation_port(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE from a trunk's peer to a Mediation Server",
                  "INVITEs from the trunk's peer, at the Mediation Server's port", mediation_hop);
}

/* ---- TOPO-16 ---- */

#define MOST_LEGS 16

struct sides {
    const struct ds_hop_seen *inner[MOST_LEGS], *trunk[MOST_LEGS];
    size_t inner_count, trunk_count;
};

static void sort_hops(const struct ds_judge *judge, const struct ds_call *call, struct sides *sides)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        const struct ds_topo_node *from = hop->from_node, *to = hop->to_node;
        bool inner = (ds_is_role(from, DS_ROLE_POOL) && ds_is_role(to, DS_ROLE_MEDIATION)) ||
                     (ds_is_role(from, DS_ROLE_MEDIATION) && ds_is_role(to, DS_ROLE_POOL));
        if (inner && sides->inner_count < MOST_LEGS)
            sides->inner[sides->inner_count++] = hop;
        else if (ds_judge_trunk(judge, from, to) != NULL && sides->trunk_count < MOST_LEGS)
            sides->trunk[sides->trunk_count++] = hop;
    }
}

static void
compare(const struct ds_hop_seen *inner, const struct ds_hop_seen *trunk, struct ds_tally *tally)
{
    struct ds_slice tag = ds_msg_from_tag(trunk->invite->msg);
    if (inner->leg == trunk->leg)
        ds_tally_bad(tally, trunk->invite->frame,
                     "the INVITE of frame %u on the trunk has the Call-ID of frame %u, on the "
                     "pool's side: %.*s",
                     trunk->invite->frame, inner->invite->frame, DS_FMT(trunk->leg->call_id));
    else if (tag.len > 0 && ds_slice_equal(tag, ds_msg_from_tag(inner->invite->msg)))
        ds_tally_bad(tally, trunk->invite->frame,
                     "the INVITE of frame %u on the trunk has the From tag of frame %u, on the "
                     "pool's side: %.*s",
                     trunk->invite->frame, inner->invite->frame, DS_FMT(tag));
    else
        ds_tally_good(tally, trunk->invite->frame);
}

static void one_back_to_back(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct sides sides = {.inner_count = 0};
    struct ds_tally tally = {0};
    sort_hops(judge, subject->call, &sides);
    for (size_t i = 0; i < sides.inner_count; i++)
        for (size_t k = 0; k < sides.trunk_count; k++)
            compare(sides.inner[i], sides.trunk[k], &tally);
    ds_judge_tally(judge, &tally,
                   "pairs of INVITEs on the two sides of the Mediation Server, with Call-IDs and "
                   "tags of their own");
}

void ds_check_back_to_back(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call with INVITEs on both sides of a Mediation Server",
                   one_back_to_back);
}

/* ---- TOPO-17 ---- */

void ds_check_remote_through_edge(struct ds_judge *judge)
{
    struct ds_tally tally = {0};
    judge->sought = "message of a remote worker";
    for (size_t i = 0; i < judge->trace->event_count; i++) {
        const struct ds_event *event = &judge->trace->events[i];
        bool sends = ds_is_external(event->from_node);
        if (!sends && !ds_is_external(event->to_node))
            continue;
        const struct ds_topo_node *worker = sends ? event->from_node : event->to_node;
        const struct ds_topo_node *other = sends ? event->to_node : event->from_node;
        if (ds_is_role(other, DS_ROLE_EDGE))
            ds_tally_good(&tally, event->frame);
        else
            ds_tally_bad(&tally, event->frame, "%s talks to %s in frame %u, not to the Edge",
                         worker->name, ds_node_name(other), event->frame);
    }
    ds_judge_tally(judge, &tally, "messages of remote workers, all of them with the Edge");
}
