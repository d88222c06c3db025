#include "admission_internal.h"

/* BYP-11, RTE-27: bandwidth or bypass, and what becomes of a call that has neither. */

/* ---- BYP-11 ---- */

/* One that was refused, or went by relays, belongs to a try that was given up. */
static const struct ds_stun_seen *exchange_of(const struct ds_judge *judge,
                                              const struct ds_call *call)
{
    for (size_t i = 0; i < judge->trace->stun_count; i++) {
        const struct ds_stun_seen *seen = &judge->trace->stuns[i];
        if (!ds_seen_asks(seen) || seen->admission.ask == DS_BANDWIDTH_UPDATE ||
            seen->admission.relayed || !ds_seen_is_of(seen, call))
            continue;
        const struct ds_stun_seen *answer = ds_seen_answer(judge->trace, seen);
        if (answer == NULL || !answer->admission.refuses)
            return seen;
    }
    return NULL;
}

static void one_exclusive(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    if (!judge->topo->admission || !ds_meets_decision(subject) ||
        !ds_subject_was_up(judge, subject))
        return;
    const struct ds_stun_seen *asked = exchange_of(judge, call);
    const struct ds_flow *flow = ds_call_flow_at(call, subject->mediation);
    if (asked == NULL && flow != NULL)
        return; /* CAC-01 tells whether it had to ask */
    ds_evidence_add(&evidence, asked != NULL ? asked->frame : call->hops[0].invite->frame);
    if (flow != NULL)
        ds_evidence_add(&evidence, flow->first_frame);
    if (asked == NULL)
        ds_judge_absent(judge, DS_PASS, &evidence,
                        "the audio passes %s by, and nobody asks for bandwidth",
                        subject->mediation->name);
    else if (flow != NULL)
        ds_judge_say(judge, DS_PASS, &evidence,
                     "bandwidth is asked for in frame %u, and the audio is at %s", asked->frame,
                     subject->mediation->name);
    else
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "%s asks for bandwidth in frame %u, and the audio passes %s by",
                        ds_node_name(asked->from_node), asked->frame, subject->mediation->name);
}

void ds_check_bypass_or_bandwidth(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call over a trunk where there is admission control",
                   one_exclusive);
}

/* ---- RTE-27 ---- */

/* Does the pool know a trunk for the callee's number, of a call that is this user's? */
static bool
has_way_out(const struct ds_judge *judge, const struct ds_topo_node *caller, const char *number)
{
    char routed[64];
    struct ds_admitted admitted;
    const struct ds_topo *topo = judge->topo;
    if (!topo->by_usages)
        return ds_topo_route(topo, ds_topo_first(topo, DS_ROLE_POOL), caller, ds_slice_of(number),
                             routed, sizeof routed) != NULL;
    ds_admitted_find(topo, &caller->user->voice_policy, ds_topo_location(caller),
                     ds_slice_of(number), &admitted);
    return admitted.count > 0;
}

static enum ds_role_kind wanted_next(const struct ds_judge *judge,
                                     const struct ds_subject *subject,
                                     const struct ds_topo_node *user,
                                     const struct ds_hop_seen *hop)
{
    const struct ds_topo_node *caller = subject->caller;
    const struct ds_topo_node *owner = caller;
    for (size_t i = 0; i < subject->left_count; i++)
        if (subject->left[i].user != user)
            owner = subject->left[i].user; /* who has sent it on */
    if (ds_is_role(caller, DS_ROLE_CLIENT) && caller->user->pstn_reroute &&
        ds_event_diagnoses(hop->final, "5;") && has_way_out(judge, owner, user->number))
        return DS_ROLE_MEDIATION;
    return user->handling.voice_mail && judge->topo->voice_mail.server_count > 0 ? DS_ROLE_UM
                                                                                 : DS_ROLE_COUNT;
}

static void
judge_end(struct ds_judge *judge, const struct ds_subject *subject, const struct ds_hop_seen *hop)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_event *told = subject->call->hops[0].final;
    ds_evidence_add(&evidence, told->frame);
    bool named = ds_event_diagnoses(told, "13010");
    ds_judge_say(judge, named ? DS_PASS : DS_FAIL, &evidence,
                 "%s has no bandwidth for the call in frame %u and there is no other way; its "
                 "caller is told %d %s ms-diagnostics 13010",
                 hop->to_node->name, hop->final->frame, ds_msg_status(told->msg),
                 named ? "with" : "without");
}

/* Has the A/V Edge of who is called given it an address for this call? */
static bool has_relay(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    for (size_t i = 0; i < judge->trace->stun_count; i++) {
        const struct ds_stun_seen *seen = &judge->trace->stuns[i];
        if (seen->frame > hop->invite->frame && seen->frame < hop->final->frame &&
            seen->kind == DS_SEEN_SUCCESS && seen->to_node == hop->to_node &&
            seen->relayed.port != 0)
            return true;
    }
    return false;
}

/* From Edge to Edge, without a word to anybody. False: it is not to go that way. */
static bool judge_internet(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_stun_seen *check = ds_call_internet_check(judge, subject->call);
    const struct ds_hop_seen *hop =
        check == NULL ? NULL : ds_call_hop_to(subject->call, check->from_node);
    if (hop == NULL || hop->final == NULL || hop->cancelled)
        return false;
    bool right = !ds_is_short_of_bandwidth(hop->final);
    if (!right && !has_relay(judge, hop))
        return false;
    ds_evidence_add(&evidence, check->frame);
    ds_evidence_add(&evidence, hop->final->frame);
    ds_judge_say(
        judge, right ? DS_PASS : DS_FAIL, &evidence,
        "the way over the Internet is open to the call, as the check of frame %u finds, and "
        "%s %s it",
        check->frame, ds_node_name(check->from_node), right ? "takes" : "does not take");
    return true;
}

static void one_rerouted(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *hop = ds_call_cut_off(call);
    if (judge_internet(judge, subject))
        return;
    if (hop == NULL || !judge->topo->admission || call->hops[0].cancelled ||
        call->hops[0].final == NULL)
        return;
    const struct ds_hop_seen *next = ds_pools_next(call, hop);
    enum ds_role_kind wanted = wanted_next(judge, subject, hop->to_node->user, hop);
    if (wanted == DS_ROLE_COUNT && next == NULL) {
        judge_end(judge, subject, hop);
        return;
    }
    bool right = next != NULL && ds_is_role(next->to_node, wanted);
    ds_evidence_add(&evidence, hop->final->frame);
    if (next != NULL)
        ds_evidence_add(&evidence, next->invite->frame);
    ds_judge_absent(judge, right ? DS_PASS : DS_FAIL, &evidence,
                    "%s has no bandwidth for the call in frame %u, and the pool calls %s next%s%s",
                    hop->to_node->name, hop->final->frame,
                    next == NULL ? "nobody" : ds_node_name(next->to_node),
                    right ? "" : ", where it was to be ",
                    right                     ? ""
                    : wanted == DS_ROLE_COUNT ? "nobody"
                                              : ds_role_name(wanted));
}

void ds_check_rerouted(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that had no bandwidth", one_rerouted);
}
