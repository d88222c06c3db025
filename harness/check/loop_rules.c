#include "check_internal.h"

#include <stdio.h>

/* CALL-08, WIRE-12, WIRE-13: calls that go round in circles, and what counts the hops. */

/* ---- CALL-08 ---- */

static bool is_same_hop(const struct ds_hop_seen *a, const struct ds_hop_seen *b)
{
    return ds_addr_same_ip(a->from, b->from) && ds_addr_same_ip(a->to, b->to) &&
           !ds_addr_same_ip(a->from, a->to) &&
           ds_slice_equal(ds_msg_request_uri(a->invite->msg), ds_msg_request_uri(b->invite->msg));
}

/* Is the later of two hops what became of the earlier one, by the elements between? */
static bool leads_on(const struct ds_call *call, size_t first, size_t again)
{
    size_t at = again;
    while (at > first) {
        size_t before = at;
        while (before > first && !ds_addr_same_ip(call->hops[before - 1].to, call->hops[at].from))
            before--;
        if (before == first)
            return false;
        at = before - 1;
    }
    return true;
}

/* An element that was restarted may take the same hop again; then no more hops are behind it than
 * there were. Where they are not counted, the way tells. */
static bool goes_round(const struct ds_call *call, size_t first, size_t again)
{
    uint64_t before, after;
    if (ds_msg_max_forwards(call->hops[first].invite->msg, &before) &&
        ds_msg_max_forwards(call->hops[again].invite->msg, &after) && before != after)
        return after < before;
    return leads_on(call, first, again);
}

/* The same hop before, which nobody had answered yet; the hop's own index: none. */
static size_t began_round(const struct ds_call *call, size_t at)
{
    const struct ds_hop_seen *hop = &call->hops[at];
    for (size_t i = ds_road_near(at); i < at; i++) {
        const struct ds_event *final = call->hops[i].final;
        bool open = final == NULL || final->frame > hop->invite->frame;
        if (open && is_same_hop(&call->hops[i], hop) && goes_round(call, i, at))
            return i;
    }
    return at;
}

static void
say_round(struct ds_judge *judge, const struct ds_subject *subject, size_t first, size_t again)
{
    char round[200] = "";
    size_t len = 0;
    struct ds_evidence frames = {0};
    const struct ds_hop_seen *hops = subject->call->hops;
    ds_evidence_add(&frames, hops[first].invite->frame);
    ds_evidence_add(&frames, hops[again].invite->frame);
    for (size_t i = first; i < again && len < sizeof round; i++)
        len += (size_t)snprintf(round + len, sizeof round - len, "%s%s", i == first ? "" : ", ",
                                ds_node_name(hops[i].to_node));
    ds_judge_say(judge, DS_FAIL, &frames,
                 "the call to %s goes round: from %s to %s in frame %u, on by %s, and from %s to "
                 "%s again in frame %u",
                 subject->number, ds_node_name(hops[first].from_node),
                 ds_node_name(hops[first].to_node), hops[first].invite->frame, round,
                 ds_node_name(hops[again].from_node), ds_node_name(hops[again].to_node),
                 hops[again].invite->frame);
}

static void one_loop(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence frames = {0};
    const struct ds_call *call = subject->call;
    for (size_t i = 1; i < call->hop_count; i++) {
        size_t first = began_round(call, i);
        if (first == i)
            continue;
        say_round(judge, subject, first, i);
        return;
    }
    ds_evidence_add(&frames, call->hops[0].invite->frame);
    ds_judge_absent(judge, DS_PASS, &frames, "none of the call's %zu hops is taken twice",
                    call->hop_count);
}

void ds_check_no_loop(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call", one_loop);
}

/* ---- WIRE-12 ---- */

static bool is_back_to_back(const struct ds_topo_node *node)
{
    return ds_is_role(node, DS_ROLE_MEDIATION) || ds_is_peer(node);
}

/* How the call came to the element that goes on with it on a leg of its own; NULL: it began there.
 */
static const struct ds_hop_seen *came_by(const struct ds_call *call, size_t at)
{
    const struct ds_hop_seen *hop = &call->hops[at];
    for (size_t i = at; is_back_to_back(hop->from_node) && i-- > ds_road_near(at);)
        if (ds_addr_same_ip(call->hops[i].to, hop->from) && call->hops[i].leg != hop->leg)
            return &call->hops[i];
    return NULL;
}

static void one_count(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    uint64_t before, after;
    for (size_t i = 1; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i], *from = came_by(call, i);
        if (from == NULL || !ds_msg_max_forwards(from->invite->msg, &before) || before == 0 ||
            !ds_msg_max_forwards(hop->invite->msg, &after))
            continue;
        if (after < before)
            ds_tally_good(&tally, hop->invite->frame);
        else
            ds_tally_bad(&tally, hop->invite->frame,
                         "the INVITE of frame %u has %u hops left, and %s goes on with it in frame "
                         "%u with %u",
                         from->invite->frame, (unsigned)before, ds_node_name(hop->from_node),
                         hop->invite->frame, (unsigned)after);
    }
    ds_judge_tally(judge, &tally, "INVITEs of back-to-back agents with less in Max-Forwards");
}

void ds_check_hops_counted(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call over a back-to-back user agent", one_count);
}

/* ---- WIRE-13 ---- */

static bool passes_calls_on(const struct ds_topo_node *node)
{
    return is_back_to_back(node) || ds_is_role(node, DS_ROLE_POOL) ||
           ds_is_role(node, DS_ROLE_EDGE);
}

static const struct ds_hop_seen *went_on(const struct ds_call *call, size_t at)
{
    for (size_t i = at + 1; i < call->hop_count && ds_road_near(i) <= at; i++)
        if (ds_addr_same_ip(call->hops[i].from, call->hops[at].to))
            return &call->hops[i];
    return NULL;
}

static void one_end(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    uint64_t left;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i], *next = went_on(call, i);
        if (!passes_calls_on(hop->to_node) || !ds_msg_max_forwards(hop->invite->msg, &left) ||
            left > 0)
            continue;
        if (next != NULL)
            ds_tally_bad(&tally, next->invite->frame,
                         "the INVITE of frame %u has no hop left, and %s goes on with it in frame "
                         "%u",
                         hop->invite->frame, ds_node_name(hop->to_node), next->invite->frame);
        else if (hop->final_status == 483)
            ds_tally_good(&tally, hop->final->frame);
    }
    ds_judge_tally(judge, &tally, "INVITEs without a hop left, refused with 483");
}

void ds_check_hops_used_up(struct ds_judge *judge)
{
    ds_judge_calls(judge, "INVITE without a hop left, at an element that passes calls on,",
                   one_end);
}
