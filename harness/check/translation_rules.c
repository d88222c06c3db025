#include "course_internal.h"

/* SIG-05, SIG-23, SIG-24, RTE-08, RTE-15, RTE-16: what a trunk makes of numbers, identities and
 * refusals. */

/* What the trunk's rules, and its wish for no +, make of a number. */
static struct ds_slice expected(const struct ds_trunk *trunk,
                                const struct ds_translation *rules,
                                struct ds_slice number,
                                char *out,
                                size_t size)
{
    ds_translate(rules, number, out, size);
    return trunk->remove_plus ? ds_number_without_plus(ds_slice_of(out)) : ds_slice_of(out);
}

static void demand(const struct ds_hop_seen *hop,
                   const char *what,
                   struct ds_slice seen,
                   struct ds_slice wanted,
                   struct ds_tally *tally)
{
    if (ds_slice_equal(seen, wanted))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame, "frame %u has %s %.*s on the trunk, and not %.*s",
                     hop->invite->frame, what, DS_FMT(seen), DS_FMT(wanted));
}

/* ---- SIG-05 ---- */

static void identity_try(struct ds_judge *judge,
                         const struct ds_subject *subject,
                         const struct ds_hop_seen *hop,
                         const struct ds_trunk *trunk,
                         struct ds_tally *tally)
{
    struct ds_slice value;
    const struct ds_hop_seen *before = ds_hop_before(subject->call, hop);
    (void)judge;
    if (!trunk->forward_pai || before == NULL ||
        !ds_msg_header(before->invite->msg, "P-Asserted-Identity", 0, &value))
        return;
    if (ds_msg_header(hop->invite->msg, "P-Asserted-Identity", 0, &value))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "the pool asserts an identity in frame %u, and frame %u shows none on the "
                     "trunk",
                     before->invite->frame, hop->invite->frame);
}

static void one_identity(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    ds_subject_tries(judge, subject, identity_try, &tally);
    ds_judge_tally(judge, &tally, "INVITEs on the trunk, with P-Asserted-Identity");
}

void ds_check_identity_passed(struct ds_judge *judge)
{
    ds_judge_calls(judge, "identity that a trunk with ForwardPAI is to show", one_identity);
}

/* ---- SIG-23, SIG-24 ---- */

#define IDENTITY "P-Asserted-Identity"

/* The INVITE before this one, where it asserts an identity, and the trunk of its peer that it came
 * in by; NULL: none. */
static const struct ds_hop_seen *asserted_before(const struct ds_judge *judge,
                                                 const struct ds_subject *subject,
                                                 const struct ds_hop_seen *hop,
                                                 const struct ds_trunk **trunk)
{
    struct ds_slice value;
    const struct ds_hop_seen *before = ds_hop_before(subject->call, hop);
    if (before == NULL || !ds_msg_header(before->invite->msg, IDENTITY, 0, &value))
        return NULL;
    *trunk = ds_judge_trunk(judge, before->from_node, before->to_node);
    if (*trunk != NULL && (*trunk)->a != before->to_node)
        *trunk = NULL;
    return before;
}

static void one_kept_out(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    struct ds_slice value;
    const struct ds_trunk *trunk;
    for (size_t i = 0; i < subject->call->hop_count && i < DS_TRIES_MOST; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        const struct ds_hop_seen *before = asserted_before(judge, subject, hop, &trunk);
        if (before == NULL || trunk == NULL || trunk->forward_pai)
            continue;
        if (ds_msg_header(hop->invite->msg, IDENTITY, 0, &value))
            ds_tally_bad(&tally, hop->invite->frame,
                         "%s asserts an identity in frame %u, and its trunk has none passed on: "
                         "frame %u does",
                         ds_node_name(before->from_node), before->invite->frame,
                         hop->invite->frame);
        else
            ds_tally_good(&tally, hop->invite->frame);
    }
    ds_judge_tally(judge, &tally, "INVITEs inwards, without the identity that a peer asserts");
}

void ds_check_identity_kept_out(struct ds_judge *judge)
{
    ds_judge_calls(judge, "identity asserted on a trunk without ForwardPAI", one_kept_out);
}

static bool same_identity(const struct ds_msg *one, const struct ds_msg *other)
{
    for (size_t i = 0;; i++) {
        struct ds_slice a, b;
        bool first = ds_msg_value(one, IDENTITY, i, &a);
        if (first != ds_msg_value(other, IDENTITY, i, &b) || (first && !ds_slice_equal(a, b)))
            return false;
        if (!first)
            return true;
    }
}

/* Within the enterprise, whose elements trust one another: from who was told to who is called. */
static bool leads_inwards(const struct ds_hop_seen *hop)
{
    bool told =
        ds_is_role(hop->from_node, DS_ROLE_POOL) || ds_is_role(hop->from_node, DS_ROLE_EDGE);
    return told &&
           (ds_is_role(hop->to_node, DS_ROLE_CLIENT) || ds_is_role(hop->to_node, DS_ROLE_EDGE));
}

static void one_passed_in(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_trunk *trunk;
    for (size_t i = 0; i < subject->call->hop_count && i < DS_TRIES_MOST; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        const struct ds_hop_seen *before = asserted_before(judge, subject, hop, &trunk);
        bool came_in = before != NULL && trunk != NULL && trunk->forward_pai;
        if (before == NULL || (!came_in && !leads_inwards(hop)))
            continue;
        if (same_identity(before->invite->msg, hop->invite->msg))
            ds_tally_good(&tally, hop->invite->frame);
        else
            ds_tally_bad(&tally, hop->invite->frame,
                         "%s is told who calls in frame %u, and frame %u says another or none",
                         ds_node_name(hop->from_node), before->invite->frame, hop->invite->frame);
    }
    ds_judge_tally(judge, &tally, "INVITEs inwards, with the identity that a peer asserts");
}

void ds_check_identity_passed_in(struct ds_judge *judge)
{
    ds_judge_calls(judge, "identity asserted on a trunk with ForwardPAI", one_passed_in);
}

/* ---- RTE-08 ---- */

static void translated_try(struct ds_judge *judge,
                           const struct ds_subject *subject,
                           const struct ds_hop_seen *hop,
                           const struct ds_trunk *trunk,
                           struct ds_tally *tally)
{
    int status = ds_try_status(trunk, hop);
    const struct ds_hop_seen *before = ds_hop_before(subject->call, hop);
    (void)judge;
    if (status == hop->final_status || hop->final == NULL || before == NULL ||
        before->final == NULL)
        return;
    if (before->final_status == status)
        ds_tally_good(tally, hop->final->frame);
    else
        ds_tally_bad(tally, before->final->frame,
                     "the trunk's rules make %d of %s's %d in frame %u, and frame %u says %d",
                     status, ds_node_name(hop->to_node), hop->final_status, hop->final->frame,
                     before->final->frame, before->final_status);
}

static void one_code(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    ds_subject_tries(judge, subject, translated_try, &tally);
    ds_judge_tally(judge, &tally, "refusals, told as the trunk's rules have it");
}

void ds_check_codes_translated(struct ds_judge *judge)
{
    ds_judge_calls(judge, "refusal that a trunk's rules translate", one_code);
}

/* ---- RTE-15 ---- */

static void rewritten_try(struct ds_judge *judge,
                          const struct ds_subject *subject,
                          const struct ds_hop_seen *hop,
                          const struct ds_trunk *trunk,
                          struct ds_tally *tally)
{
    char number[64];
    const struct ds_hop_seen *before = ds_hop_before(subject->call, hop);
    (void)judge;
    if (before == NULL || trunk->called.count + trunk->calling.count == 0)
        return;
    struct ds_slice called = ds_event_user(before->invite, NULL);
    if (ds_slice_starts(called, DS_LITERAL("+")))
        demand(hop, "the called number", ds_event_user(hop->invite, NULL),
               expected(trunk, &trunk->called, called, number, sizeof number), tally);
    else
        ds_tally_bad(tally, before->invite->frame,
                     "frame %u, before the trunk, calls %.*s: no number in full",
                     before->invite->frame, DS_FMT(called));
    demand(hop, "the calling number", ds_event_user(hop->invite, "From"),
           expected(trunk, &trunk->calling, ds_event_calling_number(before->invite), number,
                    sizeof number),
           tally);
}

static void one_rewritten(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    ds_subject_tries(judge, subject, rewritten_try, &tally);
    ds_judge_tally(judge, &tally, "numbers on the trunk, as its rules write them");
}

void ds_check_numbers_translated(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call on a trunk with rules for numbers", one_rewritten);
}

/* ---- RTE-16 ---- */

static void shown_try(struct ds_judge *judge,
                      const struct ds_subject *subject,
                      const struct ds_hop_seen *hop,
                      const struct ds_trunk *trunk,
                      struct ds_tally *tally)
{
    char number[64];
    const struct ds_admitted *admitted = subject->admitted;
    size_t place = ds_admitted_place(admitted, trunk);
    (void)judge;
    if (place == admitted->count || admitted->routes[place]->caller == NULL)
        return;
    demand(hop, "the caller", ds_event_user(hop->invite, "From"),
           expected(trunk, &trunk->calling, ds_slice_of(admitted->routes[place]->caller), number,
                    sizeof number),
           tally);
}

static void one_other_caller(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    if (subject->admitted == NULL)
        return;
    ds_subject_tries(judge, subject, shown_try, &tally);
    ds_judge_tally(judge, &tally, "calls that show the caller of their route");
}

void ds_check_other_caller(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call by a route with another caller's number", one_other_caller);
}
