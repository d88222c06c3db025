#include "emergency_internal.h"
#include "mail_internal.h"

#include <string.h>

/* Who calls whom, and what the topology says of such a call. */

#define HANDED_ON_US INT64_C(1000000)

bool ds_is_role(const struct ds_topo_node *node, enum ds_role_kind role)
{
    return node != NULL && node->role == role;
}

bool ds_is_peer(const struct ds_topo_node *node)
{
    return ds_is_role(node, DS_ROLE_GATEWAY) || ds_is_role(node, DS_ROLE_ANALOGUE_GATEWAY) ||
           ds_is_role(node, DS_ROLE_PBX) || ds_is_role(node, DS_ROLE_SBC);
}

bool ds_is_external(const struct ds_topo_node *node)
{
    return ds_is_role(node, DS_ROLE_CLIENT) && ds_is_role(node->home, DS_ROLE_EDGE);
}

const char *ds_node_name(const struct ds_topo_node *node)
{
    return node == NULL ? "a stranger" : node->name;
}

const struct ds_trunk *ds_judge_trunk(const struct ds_judge *judge,
                                      const struct ds_topo_node *a,
                                      const struct ds_topo_node *b)
{
    const struct ds_trunk *trunk = a == NULL || b == NULL ? NULL : ds_topo_trunk(judge->topo, a, b);
    bool ours = trunk != NULL && trunk->kind == DS_TRUNK_SIP &&
                trunk->a->role == DS_ROLE_MEDIATION && trunk->defined;
    return ours ? trunk : NULL;
}

bool ds_subject_is(const struct ds_subject *subject, enum ds_party from, enum ds_party to)
{
    return subject->row != NULL && subject->row->from == from && subject->row->to == to;
}

bool ds_subject_is_end(const struct ds_subject *subject, const struct ds_topo_node *node)
{
    return node != NULL && (node == subject->caller || node == subject->callee);
}

bool ds_subject_was_up(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (subject->call->outcome != DS_ANSWERED)
        return false;
    /* Who calls the call park service is handed on at once, as far as that goes. */
    bool passes = ds_is_role(subject->callee, DS_ROLE_CALL_PARK);
    if (subject->up_us >= (passes ? HANDED_ON_US : DS_SHORT_US))
        return true;
    ds_judge_say(judge, DS_NOT_SEEN, NULL, "the call to %s was up for only %lld ms",
                 subject->number, (long long)(subject->up_us / 1000));
    return false;
}

/* ---- the number, and whose it is ---- */

/* Users of the pool may be called by name. */
static const struct ds_topo_node *user_of(const struct ds_topo *topo, struct ds_slice dialled)
{
    const struct ds_topo_node *node = ds_topo_owner(topo, dialled);
    if (node != NULL)
        return node;
    node = ds_topo_find(topo, dialled);
    return ds_is_role(node, DS_ROLE_CLIENT) || ds_is_role(node, DS_ROLE_PHONE) ? node : NULL;
}

/* An orbit of the call park service, or its name. */
static bool is_call_park(const struct ds_topo *topo, const char *number)
{
    const struct ds_topo_node *service = topo->call_park.service;
    return service != NULL &&
           (strcmp(number, service->name) == 0 || ds_topo_is_orbit(topo, ds_slice_of(number)));
}

static void find_callee(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_topo *topo = judge->topo;
    uint32_t frame = subject->call->hops[0].invite->frame;
    struct ds_slice dialled = ds_slice_of(subject->call->to_number);
    (void)ds_slice_copy(dialled, subject->number, sizeof subject->number);
    subject->callee = user_of(topo, dialled);
    bool full = dialled.len > 0 && dialled.at[0] == '+';
    if (subject->callee == NULL && !full &&
        ds_topo_normalize(topo, NULL, dialled, subject->number, sizeof subject->number))
        subject->callee = ds_topo_owner(topo, ds_slice_of(subject->number));
    if (is_call_park(topo, subject->number)) {
        subject->callee = topo->call_park.service;
        return;
    }
    if (ds_topo_elin_site(topo, dialled) != NULL)
        subject->callee = ds_judge_shown_as(judge, subject->call, dialled);
    subject->callee = ds_judge_whereabouts(judge, subject->callee, frame).device;
    if (subject->callee != NULL)
        (void)ds_slice_copy(ds_slice_of(subject->callee->number), subject->number,
                            sizeof subject->number);
}

/* Of a user's devices the callee is the one that answered. */
static void find_device(struct ds_subject *subject)
{
    const struct ds_topo_node *reached = subject->call->to_node;
    if (subject->call->outcome == DS_ANSWERED && subject->callee != NULL && reached != NULL &&
        reached->user != NULL && reached->user == subject->callee->user)
        subject->callee = reached;
}

static enum ds_party called_party(const struct ds_topo *topo, struct ds_subject *subject)
{
    enum ds_party party = DS_PARTY_PSTN;
    subject->assigned = subject->callee != NULL;
    if (subject->callee != NULL && ds_party_of(subject->callee, &party))
        return party;
    enum ds_role_kind population = ds_topo_population(topo, ds_slice_of(subject->number));
    if (population == DS_ROLE_CLIENT)
        return DS_PARTY_EV;
    if (population == DS_ROLE_PHONE)
        return DS_PARTY_PBX;
    if (population == DS_ROLE_ANALOGUE_PHONE)
        return DS_PARTY_ANALOGUE;
    if (population == DS_ROLE_FAX)
        return DS_PARTY_FAX;
    subject->callee = ds_topo_first(topo, DS_ROLE_PSTN);
    subject->assigned = true;
    return DS_PARTY_PSTN;
}

static bool has_route(const struct ds_topo *topo, const struct ds_subject *subject)
{
    char number[64];
    const struct ds_topo_node *pool = ds_topo_first(topo, DS_ROLE_POOL);
    if (topo->by_usages)
        return subject->admitted == NULL || subject->admitted->count > 0;
    if (!ds_subject_is(subject, DS_PARTY_EV, DS_PARTY_PSTN) || pool == NULL)
        return true;
    return ds_topo_route(topo, pool, subject->caller, ds_slice_of(subject->number), number,
                         sizeof number) != NULL;
}

const struct ds_route *ds_route_out(const struct ds_judge *judge,
                                    const struct ds_call *call,
                                    const struct ds_topo_node *mediation,
                                    struct ds_slice number,
                                    char *out,
                                    size_t size)
{
    const struct ds_topo_node *caller = call == NULL ? NULL : call->from_node;
    const struct ds_asked asked = {
        .at = mediation,
        .from = ds_topo_first(judge->topo, DS_ROLE_POOL),
        .site = ds_is_role(caller, DS_ROLE_CLIENT) ? caller->site : NULL,
    };
    return ds_topo_route_asked(judge->topo, &asked, number, out, size);
}

/* ---- the Mediation Server's media decision ---- */

/* Which hops count: those that the answer took; those that came to an end before the call did, for
 * a member of a pool that did not answer in time may still say something later; or all. */
enum counting { COUNT_ANSWERED, COUNT_IN_TIME, COUNT_ALL };

static bool counts(const struct ds_call *call, const struct ds_hop_seen *hop, enum counting which)
{
    if (which == COUNT_ANSWERED)
        return hop->final_status / 100 == 2;
    return which == COUNT_ALL || (hop->final != NULL && hop->final->at <= call->ended_at);
}

static const struct ds_topo_node *
seen(const struct ds_subject *subject, enum ds_role_kind role, enum counting which)
{
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->hop_count; i++) {
        if (ds_subject_hop_is_aside(subject, i) || !counts(call, &call->hops[i], which))
            continue;
        if (ds_is_role(call->hops[i].from_node, role))
            return call->hops[i].from_node;
        if (ds_is_role(call->hops[i].to_node, role))
            return call->hops[i].to_node;
    }
    return NULL;
}

static const struct ds_topo_node *seen_or_first(const struct ds_judge *judge,
                                                const struct ds_subject *subject,
                                                enum ds_role_kind role)
{
    const struct ds_topo_node *node = NULL;
    for (int which = COUNT_ANSWERED; node == NULL && which <= COUNT_ALL; which++)
        node = seen(subject, role, (enum counting)which);
    if (node == NULL)
        node = ds_subject_passed(subject, role);
    return node == NULL ? ds_topo_first(judge->topo, role) : node;
}

static bool is_crossed(const struct ds_subject *subject)
{
    for (size_t i = 0; i < subject->call->hop_count; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        if ((hop->from_node == subject->mediation && hop->to_node == subject->peer) ||
            (hop->from_node == subject->peer && hop->to_node == subject->mediation))
            return true;
    }
    return false;
}

/* A client that offers another ID than its place's, or none, asks for no bypass. */
static bool asks_for_bypass(const struct ds_judge *judge, const struct ds_subject *subject)
{
    const char *id = ds_topo_bypass_id(judge->topo, subject->peer);
    const struct ds_sdp_media *offer = ds_event_audio(subject->call->hops[0].invite);
    if (subject->client != subject->caller || offer == NULL || id == NULL)
        return true;
    return ds_slice_equal_nocase(offer->bypass_id, ds_slice_of(id));
}

/* The trunks by which a call came in and went out again, and what their peers' IDs say. */
static void find_hairpin(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_trunk *in = NULL, *out = NULL;
    for (size_t i = 0; i < subject->call->hop_count; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        const struct ds_trunk *trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node);
        if (trunk == NULL || ds_subject_hop_is_aside(subject, i))
            continue;
        in = hop->to_node == trunk->a ? trunk : in;
        out = hop->from_node == trunk->a ? trunk : out;
    }
    if (in == NULL || out == NULL)
        return;
    subject->mediation = in->a;
    subject->bypass = ds_topo_hairpin_allowed(judge->topo, in, out);
}

static void find_decision(const struct ds_judge *judge, struct ds_subject *subject)
{
    struct ds_road road;
    const struct ds_expected_call *row = subject->row;
    if (row->forwarded)
        find_hairpin(judge, subject);
    const struct ds_trunk *behind =
        row->from == DS_PARTY_CONFERENCE ? ds_conference_trunk(judge, subject->call) : NULL;
    if (behind != NULL)
        subject->bypass = ds_topo_bypass_allowed(judge->topo, subject->caller, behind);
    bool one_ev = (row->from == DS_PARTY_EV) != (row->to == DS_PARTY_EV);
    if (row->from != DS_PARTY_EV && row->to != DS_PARTY_EV)
        ds_subject_join_outside(subject);
    if (!one_ev || !ds_road_parse(row->route, 0, &road) || !ds_road_has(&road, DS_ROLE_MEDIATION))
        return;
    subject->client = row->from == DS_PARTY_EV ? subject->caller : subject->callee;
    subject->mediation = seen_or_first(judge, subject, DS_ROLE_MEDIATION);
    subject->peer = seen_or_first(judge, subject, ds_road_peer(&road));
    if (subject->before != NULL && subject->before->peer != NULL)
        subject->peer = subject->before->peer;
    const struct ds_topo_node *passed = ds_subject_passed(subject, ds_road_peer(&road));
    if (passed != NULL)
        subject->peer = passed;
    subject->trunk = ds_judge_trunk(judge, subject->mediation, subject->peer);
    if (subject->client == NULL || subject->trunk == NULL)
        return;
    subject->crossed = is_crossed(subject);
    subject->bypass = ds_topo_bypass_allowed(judge->topo, subject->client, subject->trunk) &&
                      asks_for_bypass(judge, subject);
    ds_subject_join(subject);
}

/* The reading of the route that the INVITE followed furthest. */
static void find_reading(struct ds_subject *subject)
{
    struct ds_road road;
    struct ds_walk walk;
    size_t best = 0;
    for (size_t i = 0; ds_road_of(subject, i, &road); i++) {
        ds_road_walk(subject, &road, &walk);
        size_t found = 2 * walk.reached + (walk.reached == road.count && walk.extra == NULL);
        if (found > best)
            subject->reading = i;
        best = found > best ? found : best;
    }
}

static int64_t time_up(const struct ds_trace *trace, const struct ds_call *call)
{
    if (call->answered_at < 0)
        return 0;
    int64_t end = call->ended_at >= 0 ? call->ended_at : trace->duration;
    return end > call->answered_at ? end - call->answered_at : 0;
}

static const struct ds_expected_call *expected_row(const struct ds_judge *judge,
                                                   const struct ds_subject *subject,
                                                   enum ds_party from,
                                                   enum ds_party to)
{
    enum ds_option option = judge->topo->option;
    const struct ds_expected_call *row =
        subject->before == NULL ? NULL : ds_expected_transfer(option, from, to);
    if (row != NULL)
        return row;
    bool forwarded =
        subject->left_count > 0 || ds_is_between_pbxs(subject->caller, subject->callee);
    return forwarded ? ds_expected_forwarded(option, from, to) : ds_expected_find(option, from, to);
}

/* The row for its two parties; where there is none `doubt` says why. */
static void find_row(const struct ds_judge *judge, struct ds_subject *subject, enum ds_party to)
{
    enum ds_party from;
    struct ds_arena *arena = judge->findings->arena;
    const struct ds_call *call = subject->call;
    const struct ds_topo_node *caller = subject->caller;
    struct ds_addr_text name = ds_addr_ip_text(call->hops[0].from);
    if (caller == NULL)
        subject->doubt = ds_arena_print(arena, "the caller %s is not in the topology", name.text);
    else if (!ds_party_of(caller, &from))
        subject->doubt =
            ds_arena_print(arena, "the call begins at %s, which is no end of a call", caller->name);
    else if ((subject->row = expected_row(judge, subject, from, to)) == NULL)
        subject->doubt =
            ds_arena_print(arena, "the option %s knows no call from %s to %s",
                           ds_option_name(judge->topo->option), caller->name, subject->number);
}

bool ds_subject_fill(struct ds_judge *judge, struct ds_subject *subject, const struct ds_call *call)
{
    *subject = (struct ds_subject){.call = call, .caller = call->from_node, .routed = true};
    subject->up_us = time_up(judge->trace, call);
    find_callee(judge, subject);
    ds_subject_follow(judge, subject);
    ds_subject_find_mail(judge->topo, subject);
    find_device(subject);
    ds_subject_hand_over(judge, subject);
    ds_subject_confer(judge, subject);
    find_row(judge, subject, called_party(judge->topo, subject));
    if (subject->row == NULL)
        return subject->doubt != NULL;
    ds_subject_admit(judge, subject);
    subject->routed = has_route(judge->topo, subject);
    find_decision(judge, subject);
    find_reading(subject);
    return true;
}
