#include "course_internal.h"

/* CALL-09, CALL-10: what the two ends of a call are told of one another before it is answered. */

#define AT_ONCE_US INT64_C(500000)

/* ---- CALL-09 ---- */

static bool is_an_end(const struct ds_topo_node *node)
{
    enum ds_party party;
    return node != NULL && ds_party_of(node, &party);
}

/* The first that a device of whoever is called says of its ringing, or NULL. */
static const struct ds_event *rings_at(const struct ds_subject *subject)
{
    const struct ds_event *earliest = NULL;
    for (size_t i = 0; i < subject->call->hop_count && i < DS_TRIES_MOST; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        if (!is_an_end(hop->to_node) || ds_subject_hop_is_aside(subject, i))
            continue;
        const struct ds_event *rings = ds_hop_response(hop, 180, 180);
        if (rings != NULL && (earliest == NULL || rings->frame < earliest->frame))
            earliest = rings;
    }
    return earliest;
}

/* It was answered, refused or given up so soon that nobody need have been told. */
static bool is_over_by(const struct ds_hop_seen *hop, int64_t at)
{
    for (size_t i = 0; i < hop->leg->event_count && hop->leg->events[i]->at < at; i++)
        if (ds_event_requests(hop->leg->events[i], "CANCEL"))
            return true;
    return hop->final != NULL && hop->final->at < at;
}

static void one_ringing(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *first = &call->hops[0];
    const struct ds_event *rings = rings_at(subject);
    if (rings == NULL || !is_an_end(first->from_node))
        return;
    const struct ds_event *told = ds_hop_response(first, 180, 180);
    int64_t until = rings->at + AT_ONCE_US;
    ds_evidence_add(&evidence, rings->frame);
    if (told != NULL) {
        ds_evidence_add(&evidence, told->frame);
        ds_judge_say(judge, DS_PASS, &evidence, "%s rings in frame %u, and %s is told in frame %u",
                     ds_node_name(rings->from_node), rings->frame, ds_node_name(first->from_node),
                     told->frame);
    } else if (!is_over_by(first, until) && judge->trace->duration > until) {
        ds_judge_absent(judge, DS_FAIL, &evidence, "%s rings in frame %u, and %s is not told",
                        ds_node_name(rings->from_node), rings->frame,
                        ds_node_name(first->from_node));
    }
}

void ds_check_ringing_told(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call whose callee's device rings", one_ringing);
}

/* ---- CALL-10 ---- */

/* A route may have another number shown (RTE-16). */
static bool is_alternate(const struct ds_topo *topo, struct ds_slice shown)
{
    for (size_t i = 0; i < topo->route_count; i++) {
        const char *caller = topo->routes[i].caller;
        if (caller != NULL && ds_slice_equal(ds_number_without_plus(shown),
                                             ds_number_without_plus(ds_slice_of(caller))))
            return true;
    }
    return false;
}

static bool is_translated(const struct ds_subject *subject, struct ds_slice shown)
{
    char number[64];
    const struct ds_topo_node *caller = subject->caller;
    if (subject->trunk == NULL || !ds_is_role(caller, DS_ROLE_CLIENT) ||
        caller->user->number == NULL)
        return false;
    ds_translate(&subject->trunk->calling, ds_slice_of(caller->user->number), number,
                 sizeof number);
    return ds_slice_equal(ds_number_without_plus(shown),
                          ds_number_without_plus(ds_slice_of(number)));
}

/* A conferencing server calls for who asked it to, whose identity it asserts. */
static bool is_conference_for(const struct ds_subject *subject, struct ds_slice shown)
{
    struct ds_slice number = ds_event_calling_number(subject->call->hops[0].invite);
    return ds_subject_is_conference(subject) &&
           ds_slice_equal(ds_number_without_plus(shown), ds_number_without_plus(number));
}

static void one_number(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->hop_count && subject->row != NULL; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        if (!ds_is_role(hop->from_node, DS_ROLE_PBX) || !ds_is_role(hop->to_node, DS_ROLE_PHONE))
            continue;
        struct ds_slice shown = ds_event_user(hop->invite, "From");
        if (ds_subject_shows_caller(subject, shown) || is_translated(subject, shown) ||
            is_alternate(judge->topo, shown) || is_conference_for(subject, shown))
            ds_tally_good(&tally, hop->invite->frame);
        else
            ds_tally_bad(&tally, hop->invite->frame, "%s calls, and %s shows %.*s in frame %u",
                         ds_node_name(subject->caller), ds_node_name(hop->to_node), DS_FMT(shown),
                         hop->invite->frame);
    }
    ds_judge_tally(judge, &tally, "calls to telephones of the PBX, which show who calls");
}

void ds_check_number_shown(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to a telephone of the PBX", one_number);
}
