#include "admission_internal.h"
#include "location_internal.h"
#include "registration_internal.h"

#include <stdio.h>

/* OPT-01: the INVITE takes the elements of the row, in that order, and no others. */

static void say_pass(struct ds_judge *judge, const struct ds_subject *subject)
{
    char path[256];
    const struct ds_call *call = subject->call;
    struct ds_evidence evidence = {{0}, 0};
    size_t len = (size_t)snprintf(path, sizeof path, "%s", ds_node_name(call->from_node));
    for (size_t i = 0; i < call->hop_count; i++) {
        ds_evidence_add(&evidence, call->hops[i].invite->frame);
        if (len < sizeof path)
            len += (size_t)snprintf(path + len, sizeof path - len, ", %s",
                                    ds_node_name(call->hops[i].to_node));
    }
    ds_judge_say(judge, DS_PASS, &evidence, "the INVITE to %s went by %s", subject->number, path);
}

static void
say_extra(struct ds_judge *judge, const struct ds_hop_seen *extra, const struct ds_road *road)
{
    char text[160];
    struct ds_evidence evidence = {{0}, 0};
    ds_evidence_add(&evidence, extra->invite->frame);
    ds_road_text(road, text, sizeof text);
    ds_judge_say(judge, DS_FAIL, &evidence,
                 "the INVITE of frame %u went from %s to %s; the option lays down %s",
                 extra->invite->frame, ds_trace_name(judge->trace, extra->from).text,
                 ds_trace_name(judge->trace, extra->to).text, text);
}

static void
say_short(struct ds_judge *judge, const struct ds_walk *walk, const struct ds_road *road)
{
    char text[160];
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_hop_seen *last = walk->last;
    const char *end = last == NULL ? "its first element" : ds_node_name(last->to_node);
    uint32_t frame = last == NULL ? 0 : last->invite->frame;
    ds_evidence_add(&evidence, frame);
    ds_road_text(road, text, sizeof text);
    if (last != NULL && (ds_hop_is_from_stranger(judge, last) || ds_hop_is_foreign(judge, last)))
        ds_judge_say(judge, DS_NOT_SEEN, &evidence,
                     "the call of %s had to be refused at %s, before it could take the rest of %s",
                     ds_node_name(last->from_node), end, text);
    else if (last != NULL && ds_is_short_of_bandwidth(last->final))
        ds_judge_say(judge, DS_NOT_SEEN, &evidence,
                     "the call had no bandwidth at %s, before it could take the rest of %s", end,
                     text);
    else if (last != NULL && last->final_status == 503)
        ds_judge_say(judge, DS_UNCLEAR, &evidence,
                     "the call was refused with 503 at %s, before it could take the rest of %s",
                     end, text);
    else if (last != NULL && last->final_status == 483)
        ds_judge_say(judge, DS_UNCLEAR, &evidence,
                     "no hop was left at %s, before the call could take the rest of %s", end, text);
    else if (last != NULL && (last->cancelled || ds_hop_response(last, 100, 699) == NULL))
        ds_judge_say(judge, DS_UNCLEAR, &evidence,
                     "the call was given up at %s, before it could take the rest of %s", end, text);
    else
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "the INVITE went no further than %s; the option lays down %s", end, text);
}

/* It ended at a pool where the callee is signed in no more. */
static bool ends_signed_out(const struct ds_judge *judge,
                            const struct ds_subject *subject,
                            const struct ds_walk *walk)
{
    return walk->last != NULL && ds_is_role(walk->last->to_node, DS_ROLE_POOL) &&
           walk->last->final_status == 480 && ds_is_role(subject->callee, DS_ROLE_CLIENT) &&
           ds_is_signed_in_nowhere(judge, walk->last->invite, subject->callee->user);
}

/* Location-based routing: such a call is to reach nobody. */
static bool ends_for_its_place(const struct ds_judge *judge,
                               const struct ds_subject *subject,
                               const struct ds_walk *walk)
{
    return walk->last != NULL && ds_is_role(walk->last->to_node, DS_ROLE_POOL) &&
           walk->last->final_status == 480 && ds_subject_is_elsewhere(judge, subject);
}

static void one_route(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_road road;
    struct ds_walk walk;
    struct ds_evidence evidence = {{0}, 0};
    ds_evidence_add(&evidence, subject->call->hops[0].invite->frame);
    if (!ds_road_of(subject, subject->reading, &road)) {
        ds_judge_say(judge, DS_UNCLEAR, &evidence, "%s", subject->doubt);
        return;
    }
    if (subject->stranded) {
        ds_judge_say(judge, DS_NOT_SEEN, &evidence,
                     "what %s forwards goes nowhere, so the option lays down no road for it",
                     ds_node_name(subject->callee));
        return;
    }
    if (!subject->routed) {
        ds_judge_say(judge, DS_NOT_SEEN, &evidence,
                     "the pool has no route for %s, so the option lays down no road for it",
                     subject->number);
        return;
    }
    ds_road_walk(subject, &road, &walk);
    if (walk.extra != NULL)
        say_extra(judge, walk.extra, &road);
    else if (ends_for_its_place(judge, subject, &walk))
        ds_judge_say(judge, DS_NOT_SEEN, &evidence,
                     "%s has no device at the site that the call comes in at, so the option lays "
                     "down no road for it",
                     subject->callee->name);
    else if (walk.reached < road.count && ends_signed_out(judge, subject, &walk))
        ds_judge_say(judge, DS_NOT_SEEN, &evidence,
                     "%s is not signed in any more, so the option lays down no road for it",
                     subject->callee->name);
    else if (walk.reached < road.count)
        say_short(judge, &walk, &road);
    else
        say_pass(judge, subject);
}

void ds_check_option_route(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call", one_route);
}
