#include "course_internal.h"

/* MIG: people who move from the PBX to Enterprise Voice, one team after the other. */

/* ---- MIG-01 ---- */

static const char *side(const struct ds_topo_node *device)
{
    return device->role == DS_ROLE_CLIENT ? "has Enterprise Voice" : "is at the PBX";
}

static void say_reached(struct ds_judge *judge,
                        const struct ds_whereabouts *person,
                        const struct ds_hop_seen *right,
                        const struct ds_hop_seen *wrong)
{
    const struct ds_hop_seen *hop = wrong != NULL ? wrong : right;
    struct ds_evidence frames = {0};
    if (person->since != 0)
        ds_evidence_add(&frames, person->since);
    ds_evidence_add(&frames, hop->invite->frame);
    ds_judge_say(judge, wrong != NULL ? DS_FAIL : DS_PASS, &frames,
                 "the user of %s %s, and the call reaches %s in frame %u", person->device->name,
                 side(person->device), hop->to_node->name, hop->invite->frame);
}

static void one_reached(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    const struct ds_whereabouts person =
        ds_judge_whereabouts(judge, subject->callee, call->hops[0].invite->frame);
    if (person.left == NULL)
        return;
    const struct ds_hop_seen *right = ds_call_hop_to(call, person.device),
                             *wrong = ds_call_hop_to(call, person.left);
    struct ds_evidence frames = {0};
    if (right != NULL || wrong != NULL) {
        say_reached(judge, &person, right, wrong);
    } else if (call->outcome == DS_REFUSED && call->final_status / 100 == 4) {
        ds_evidence_add(&frames, call->hops[0].invite->frame);
        ds_judge_absent(judge, DS_FAIL, &frames,
                        "the user of %s %s, and the call to %s fails with %d and reaches neither "
                        "%s nor %s",
                        person.device->name, side(person.device), subject->number,
                        call->final_status, person.device->name, person.left->name);
    }
}

void ds_check_mover_reached(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to somebody who moves from the PBX to Enterprise Voice",
                   one_reached);
}

/* ---- MIG-02 ---- */

/* The hop to the end that was called, or into the PSTN. */
static const struct ds_hop_seen *last_hop(const struct ds_subject *subject)
{
    return subject->callee == NULL ? NULL : ds_call_hop_to(subject->call, subject->callee);
}

/* Clients call each other by name. */
static bool is_number(struct ds_slice user)
{
    return ds_slice_starts(user, DS_LITERAL("+")) &&
           ds_slice_skip(ds_slice_from(user, 1), "0123456789").len == 0;
}

static void one_number(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence frames = {0};
    const struct ds_topo_node *caller = subject->caller;
    const struct ds_hop_seen *hop = last_hop(subject);
    if (hop == NULL || caller == NULL || caller->moves_from == NULL)
        return;
    struct ds_slice shown = ds_event_user(hop->invite, "From");
    if (!is_number(shown))
        return;
    bool kept = ds_slice_equal(shown, ds_slice_of(caller->moves_from->number));
    ds_evidence_add(&frames, hop->invite->frame);
    ds_judge_say(judge, kept ? DS_PASS : DS_FAIL, &frames,
                 "%s has moved from %s, whose number is %s, and calls %s as %.*s", caller->name,
                 caller->moves_from->name, caller->moves_from->number, hop->to_node->name,
                 DS_FMT(shown));
}

void ds_check_number_kept(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call by somebody who has moved to where numbers are shown", one_number);
}
