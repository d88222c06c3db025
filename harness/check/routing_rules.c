#include "course_internal.h"

/* RTE: what pool and Mediation Server make of numbers and of refusals. */

/* ---- RTE-01 ---- */

static bool is_pool_to_mediation(const struct ds_hop_seen *hop)
{
    return ds_is_role(hop->from_node, DS_ROLE_POOL) && ds_is_role(hop->to_node, DS_ROLE_MEDIATION);
}

static bool is_e164(struct ds_slice user)
{
    return user.len >= 8 && user.len <= 16 && user.at[0] == '+' &&
           ds_slice_skip(ds_slice_from(user, 1), "0123456789").len == 0;
}

static void routed_number(const struct ds_judge *judge,
                          const struct ds_hop_seen *hop,
                          const struct ds_trunk *trunk,
                          struct ds_tally *tally)
{
    (void)trunk;
    if (!is_pool_to_mediation(hop))
        return;
    struct ds_slice user = ds_event_user(hop->invite, NULL);
    if (hop->leg->call->replaces != NULL)
        return; /* it names the Mediation Server's own dialog */
    if (is_e164(user) || ds_topo_is_emergency(judge->topo, user))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%s calls '%.*s' at %s in frame %u: no E.164 with +", hop->from_node->name,
                     DS_FMT(user), hop->to_node->name, hop->invite->frame);
}

void ds_check_e164(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE from the pool to a Mediation Server",
                  "INVITEs from the pool to the Mediation Server, with a number in E.164",
                  routed_number);
}

/* ---- RTE-02 ---- */

static bool goes_out(const struct ds_hop_seen *hop)
{
    return ds_is_role(hop->from_node, DS_ROLE_MEDIATION) && ds_is_peer(hop->to_node);
}

static void one_lookup(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    if (!subject->assigned || !ds_is_role(subject->callee, DS_ROLE_CLIENT))
        return;
    bool pool_had_it = false;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (ds_is_role(hop->to_node, DS_ROLE_POOL)) {
            pool_had_it = true;
            ds_evidence_add(&tally.good_frames, hop->invite->frame);
        } else if (pool_had_it && goes_out(hop) && !ds_subject_hop_is_aside(subject, i)) {
            ds_tally_bad(&tally, hop->invite->frame,
                         "%s is %s's number, and %s calls %s for it in frame %u", subject->number,
                         subject->callee->name, hop->from_node->name, hop->to_node->name,
                         hop->invite->frame);
        }
    }
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else if (pool_had_it)
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "%s is %s's number, and the pool took it to no trunk", subject->number,
                        subject->callee->name);
}

void ds_check_lookup_hit(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to an Enterprise Voice user by way of the pool", one_lookup);
}

/* ---- RTE-05 ---- */

static void one_no_route(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_event *answer = ds_call_diagnosed(call, "12004");
    bool admits_nothing = subject->usages != NULL && subject->usages->count == 0;
    bool closed_here = subject->admitted != NULL && subject->admitted->by_location;
    if ((subject->routed && answer == NULL) || admits_nothing || closed_here)
        return; /* the latter two are what RTE-04, RTE-17 and RTE-19 are for */
    for (size_t i = 0; i < call->hop_count; i++)
        if (is_pool_to_mediation(&call->hops[i]))
            ds_tally_bad(&tally, call->hops[i].invite->frame,
                         "there is no route for %s, and the pool calls %s in frame %u",
                         subject->number, call->hops[i].to_node->name, call->hops[i].invite->frame);
    if (answer != NULL)
        ds_evidence_add(&tally.good_frames, answer->frame);
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else if (answer != NULL)
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "%s fails with %d and ms-diagnostics 12004, and did not reach the "
                        "Mediation Server",
                        subject->number, ds_msg_status(answer->msg));
    else if (call->outcome == DS_REFUSED)
        ds_judge_say(judge, DS_NOT_SEEN, NULL,
                     "%s has no route, and fails with %d for another reason than 12004",
                     subject->number, call->final_status);
}

void ds_check_no_route(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to a number without a route", one_no_route);
}

/* ---- RTE-07 ---- */

static bool is_final_refusal(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    const struct ds_trunk *trunk = ds_try_trunk(judge, hop);
    int status = trunk == NULL ? hop->final_status : ds_try_status(trunk, hop);
    bool given_up = status == 487 && hop->cancelled;
    bool asks_again = status == 401 || status == 407;
    return (status / 100 == 4 || status == 502 || status / 100 == 6) && !given_up && !asks_again;
}

static void one_final(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *refused = NULL;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (!goes_out(hop))
            continue;
        if (refused != NULL && hop->invite->frame > refused->final->frame &&
            ds_slice_equal(ds_event_user(hop->invite, NULL), ds_event_user(refused->invite, NULL)))
            ds_tally_bad(&tally, hop->invite->frame,
                         "after %d of %s in frame %u, %s calls %s again in frame %u",
                         refused->final_status, refused->to_node->name, refused->final->frame,
                         hop->from_node->name, hop->to_node->name, hop->invite->frame);
        if (refused == NULL && is_final_refusal(judge, hop))
            refused = hop;
    }
    if (refused == NULL)
        return;
    ds_evidence_add(&tally.good_frames, refused->final->frame);
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "after %d of %s in frame %u no INVITE left on a trunk",
                        refused->final_status, refused->to_node->name, refused->final->frame);
}

void ds_check_final_is_final(struct ds_judge *judge)
{
    ds_judge_calls(judge, "4xx, 502 or 6xx from the Mediation Server's peer", one_final);
}

/* ---- RTE-25 ---- */

static bool is_mediation_to_pool(const struct ds_hop_seen *hop)
{
    return ds_is_role(hop->from_node, DS_ROLE_MEDIATION) && ds_is_role(hop->to_node, DS_ROLE_POOL);
}

/* The peer that the Mediation Server had this call from; NULL: it was not seen. */
static const struct ds_topo_node *peer_before(const struct ds_call *call, size_t at)
{
    while (at-- > 0)
        if (call->hops[at].to_node == call->hops[at + 1].from_node)
            return call->hops[at].from_node;
    return NULL;
}

/* Does the pool ring a device of this user next? */
static const struct ds_hop_seen *
ring_after(const struct ds_call *call, size_t at, const struct ds_topo_node *user)
{
    for (size_t i = at + 1; i < call->hop_count; i++)
        if (call->hops[i].from_node == call->hops[at].to_node && call->hops[i].to_node != NULL &&
            call->hops[i].to_node->user == user)
            return &call->hops[i];
    return NULL;
}

static void one_plan(struct ds_judge *judge,
                     const struct ds_call *call,
                     size_t at,
                     const struct ds_topo_node *peer,
                     struct ds_tally *tally)
{
    char number[64];
    const struct ds_hop_seen *hop = &call->hops[at];
    struct ds_slice digits = ds_event_user(hop->invite, NULL);
    if (!ds_topo_has_plan(judge->topo, peer) || is_e164(digits) ||
        !ds_topo_normalize(judge->topo, peer, digits, number, sizeof number))
        return;
    const struct ds_topo_node *user = ds_topo_owner(judge->topo, ds_slice_of(number));
    if (!ds_is_role(user, DS_ROLE_CLIENT))
        return;
    const struct ds_hop_seen *ring = ring_after(call, at, user->user);
    if (ring != NULL)
        ds_tally_good(tally, ring->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "by the dial plan of %s the digits '%.*s' of frame %u are %s, who is %s, and "
                     "the pool rings nobody there",
                     peer->name, DS_FMT(digits), hop->invite->frame, number, user->name);
}

static void one_inbound_plan(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    struct ds_tally tally = {0};
    for (size_t i = 1; i < call->hop_count; i++)
        if (is_mediation_to_pool(&call->hops[i]))
            one_plan(judge, call, i, peer_before(call, i), &tally);
    ds_judge_tally(judge, &tally, "calls in that the dial plan of their gateway leads to a user");
}

void ds_check_gateway_plan(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call in with digits, from a gateway that has a dial plan of its own",
                   one_inbound_plan);
}
