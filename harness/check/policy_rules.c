#include "course_internal.h"

/* RTE-03, RTE-04, RTE-14, RTE-17, RTE-28: who may call out, and by which trunk. */

static const struct ds_hop_seen *first_try(const struct ds_judge *judge, const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_try_trunk(judge, &call->hops[i]) != NULL)
            return &call->hops[i];
    return NULL;
}

static bool is_users(const struct ds_subject *subject)
{
    return subject->left_count > 0 || ds_is_role(subject->caller, DS_ROLE_CLIENT);
}

/* ---- RTE-03 ---- */

static const struct ds_trunk *passed_over(const struct ds_judge *judge,
                                          const struct ds_admitted *admitted,
                                          const struct ds_hop_seen *hop)
{
    for (size_t i = 0; i < admitted->of_first_usage; i++)
        if (!ds_judge_may_be_down(judge, admitted->trunks[i]->b, hop->invite->at))
            return admitted->trunks[i];
    return NULL;
}

static void one_first_usage(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_admitted *admitted = subject->admitted;
    if (admitted == NULL || admitted->count == 0)
        return;
    const struct ds_hop_seen *hop = first_try(judge, subject->call);
    if (hop == NULL)
        return;
    size_t place = ds_admitted_place(admitted, ds_try_trunk(judge, hop));
    const struct ds_trunk *better = passed_over(judge, admitted, hop);
    ds_evidence_add(&evidence, hop->invite->frame);
    if (place < admitted->of_first_usage)
        ds_judge_say(judge, DS_PASS, &evidence,
                     "%s is tried by %s first, as the first usage with a route for it has it",
                     subject->number, hop->to_node->name);
    else if (better != NULL)
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "%s is tried by %s first in frame %u; the first usage with a route for it "
                     "has %s",
                     subject->number, hop->to_node->name, hop->invite->frame, better->b->name);
}

void ds_check_first_usage(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call out by a pool whose routes have usages", one_first_usage);
}

/* ---- RTE-04 ---- */

static const struct ds_hop_seen *to_mediation(const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].from_node, DS_ROLE_POOL) &&
            ds_is_role(call->hops[i].to_node, DS_ROLE_MEDIATION))
            return &call->hops[i];
    return NULL;
}

static void one_no_usage(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    if (!is_users(subject) || subject->usages == NULL || subject->usages->count > 0)
        return;
    const struct ds_event *answer = ds_call_diagnosed(call, "12001");
    const struct ds_hop_seen *hop = to_mediation(call);
    if (hop != NULL) {
        ds_evidence_add(&evidence, hop->invite->frame);
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "%s may call nobody outside, and frame %u is for %s", subject->caller->name,
                     hop->invite->frame, hop->to_node->name);
    } else if (answer != NULL) {
        ds_evidence_add(&evidence, answer->frame);
        ds_judge_absent(judge, DS_PASS, &evidence,
                        "%s fails with %d and ms-diagnostics 12001, and did not reach the "
                        "Mediation Server",
                        subject->number, ds_msg_status(answer->msg));
    } else if (call->outcome == DS_REFUSED) {
        ds_judge_say(judge, DS_NOT_SEEN, NULL, "%s fails with %d for another reason than 12001",
                     subject->number, call->final_status);
    }
}

void ds_check_no_usage(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call of a user without usages", one_no_usage);
}

/* ---- RTE-14 ---- */

static bool
has_failed(const struct ds_judge *judge, const struct ds_call *call, const struct ds_trunk *trunk)
{
    bool tried = false, failed = true;
    for (size_t i = 0; i < call->hop_count && i < DS_TRIES_MOST; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (ds_try_trunk(judge, hop) != trunk)
            continue;
        tried = true;
        failed = failed &&
                 (ds_status_is_for_now(ds_try_status(trunk, hop)) || ds_hop_was_left(call, hop));
    }
    return tried ? failed : ds_judge_may_be_down(judge, trunk->b, call->hops[0].invite->at);
}

static void one_no_trunk_left(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_admitted *admitted = subject->admitted;
    const struct ds_event *final = call->hops[0].final;
    if (admitted == NULL || admitted->count == 0 || call->outcome != DS_REFUSED || final == NULL)
        return;
    for (size_t i = 0; i < admitted->count; i++)
        if (!has_failed(judge, call, admitted->trunks[i]))
            return;
    const struct ds_event *answer = ds_call_diagnosed(call, "12000");
    ds_evidence_add(&evidence, final->frame);
    if (answer != NULL)
        ds_judge_say(judge, DS_PASS, &evidence,
                     "no trunk takes the call to %s, and it fails with %d and ms-diagnostics 12000",
                     subject->number, call->final_status);
    else
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "no trunk takes the call to %s, and it fails with %d in frame %u, without "
                     "ms-diagnostics 12000",
                     subject->number, call->final_status, final->frame);
}

void ds_check_no_trunk_left(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that every trunk of its routes has failed", one_no_trunk_left);
}

/* ---- RTE-17 ---- */

static void left_by(struct ds_judge *judge,
                    const struct ds_subject *subject,
                    const struct ds_hop_seen *hop,
                    const struct ds_trunk *trunk,
                    struct ds_tally *tally)
{
    (void)judge;
    if (ds_admitted_place(subject->admitted, trunk) < subject->admitted->count)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "no usage of the trunk that the call came in by leads %s to %s, which is "
                     "called in frame %u",
                     subject->number, trunk->b->name, hop->invite->frame);
}

static void one_between_trunks(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_event *final = subject->call->hops[0].final;
    if (subject->admitted == NULL || is_users(subject))
        return;
    ds_subject_tries(judge, subject, left_by, &tally);
    if (tally.good + tally.bad > 0 || final == NULL) {
        ds_judge_tally(judge, &tally, "INVITEs by a trunk that the incoming one's usages lead to");
        return;
    }
    ds_evidence_add(&evidence, final->frame);
    if (subject->admitted->count == 0)
        ds_judge_absent(judge, DS_PASS, &evidence,
                        "no usage of the trunk that the call came in by leads to %s, and it left "
                        "by none",
                        subject->number);
}

void ds_check_between_trunks(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call from a trunk that is to leave by a trunk", one_between_trunks);
}

/* ---- RTE-28 ---- */

/* What costs less than this try, and was not tried before it though it may have been up; or NULL.
 */
static const struct ds_rate *cheaper(const struct ds_judge *judge,
                                     const struct ds_subject *subject,
                                     const struct ds_hop_seen *hop,
                                     const struct ds_rate *taken)
{
    const struct ds_admitted *admitted = subject->admitted;
    const struct ds_rate *best = NULL;
    for (size_t i = 0; i < admitted->count; i++) {
        const struct ds_topo_node *peer = admitted->trunks[i]->b;
        const struct ds_rate *rate = ds_topo_rate(judge->topo, peer, ds_slice_of(subject->number));
        if (rate != NULL && rate->per_minute < (best == NULL ? taken : best)->per_minute &&
            !has_failed(judge, subject->call, admitted->trunks[i]) &&
            !ds_judge_may_be_down(judge, peer, hop->invite->at))
            best = rate;
    }
    return best;
}

static void priced_try(struct ds_judge *judge,
                       const struct ds_subject *subject,
                       const struct ds_hop_seen *hop,
                       const struct ds_trunk *trunk,
                       struct ds_tally *tally)
{
    const struct ds_rate *taken = ds_topo_rate(judge->topo, trunk->b, ds_slice_of(subject->number));
    bool left =
        ds_status_is_for_now(ds_try_status(trunk, hop)) || ds_hop_was_left(subject->call, hop);
    if (taken == NULL || left)
        return;
    const struct ds_rate *better = cheaper(judge, subject, hop, taken);
    if (better == NULL)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "a minute to %s costs %g by %s, and %g by %s, which is called in frame %u",
                     subject->number, better->per_minute, better->by->name, taken->per_minute,
                     trunk->b->name, hop->invite->frame);
}

static void one_cheapest(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    if (subject->admitted == NULL || subject->row->to != DS_PARTY_PSTN)
        return;
    ds_subject_tries(judge, subject, priced_try, &tally);
    ds_judge_tally(judge, &tally, "calls by the cheapest trunk there was");
}

void ds_check_cheapest(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to the PSTN by a trunk with a rate", one_cheapest);
}
