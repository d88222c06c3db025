#include "course_internal.h"
#include "emergency_internal.h"
#include "pidf.h"

#include <string.h>

/* RTE-21, RTE-22, SIG-16, EMG-01, EMG-02: how emergency calls leave, and what they tell of where
   their callers are. */

/* ---- RTE-21 ---- */

static void left_by(struct ds_judge *judge,
                    const struct ds_subject *subject,
                    const struct ds_hop_seen *hop,
                    const struct ds_trunk *trunk,
                    struct ds_tally *tally)
{
    const struct ds_admitted *admitted = subject->admitted;
    (void)judge;
    if (ds_admitted_place(admitted, trunk) < admitted->count)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "the usage '%s' of %s's location policy does not lead to %s, which is called "
                     "in frame %u",
                     subject->usages->names[0], subject->caller->name, trunk->b->name,
                     hop->invite->frame);
}

/* It never came to a trunk. */
static void say_refused(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_event *final = subject->call->hops[0].final;
    const char *usage = subject->usages->names[0];
    if (subject->call->outcome != DS_REFUSED || final == NULL)
        return;
    ds_evidence_add(&evidence, final->frame);
    if (subject->admitted->count == 0)
        ds_judge_absent(judge, DS_PASS, &evidence,
                        "the usage '%s' of %s's location policy has no route for %s, and it left "
                        "by no trunk",
                        usage, subject->caller->name, subject->number);
    else if (ds_call_diagnosed(subject->call, "12001") != NULL ||
             ds_call_diagnosed(subject->call, "12004") != NULL)
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "%s is refused with %d in frame %u, though the usage '%s' of %s's location "
                     "policy leads to %s",
                     subject->number, ds_msg_status(final->msg), final->frame, usage,
                     subject->caller->name, subject->admitted->trunks[0]->b->name);
}

static void one_emergency_trunk(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    if (subject->admitted == NULL || ds_subject_emergency(subject) == NULL)
        return;
    ds_subject_tries(judge, subject, left_by, &tally);
    if (tally.good + tally.bad > 0)
        ds_judge_tally(judge, &tally, "INVITEs by a trunk that the location policy leads to");
    else
        say_refused(judge, subject);
}

void ds_check_emergency_trunk(struct ds_judge *judge)
{
    ds_judge_calls(judge, "emergency call", one_emergency_trunk);
}

/* ---- RTE-22 ---- */

static void one_elin(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_hop_seen *shown =
        ds_subject_emergency(subject) == NULL ? NULL : ds_call_shown(subject->call);
    if (shown == NULL)
        return;
    const char *elin = subject->caller->site->elin;
    const char *wanted = elin != NULL ? elin : subject->caller->user->number;
    struct ds_slice number = ds_event_user(shown->invite, "From");
    bool right = ds_slice_equal(number, ds_slice_of(wanted));
    ds_evidence_add(&evidence, shown->invite->frame);
    ds_judge_say(judge, right ? DS_PASS : DS_FAIL, &evidence,
                 "%s shows %s %.*s in frame %u%s%s; %s", shown->from_node->name,
                 ds_node_name(shown->to_node), DS_FMT(number), shown->invite->frame,
                 right ? "" : " instead of ", right ? "" : wanted,
                 elin != NULL ? "it is the ELIN of the caller's place that counts"
                              : "the caller's place has no ELIN");
}

void ds_check_elin_shown(struct ds_judge *judge)
{
    ds_judge_calls(judge, "emergency call over an ELIN gateway", one_elin);
}

/* ---- the location itself ---- */

/* RFC 6442 4.1: the header names the part by its Content-ID. */
static bool is_named(const struct ds_msg *msg, const struct ds_part *part)
{
    struct ds_slice value, params;
    for (size_t i = 0; ds_msg_value(msg, "Geolocation", i, &value); i++) {
        struct ds_slice uri = ds_value_uri(value, &params);
        if (part->content_id.len > 0 && ds_slice_starts_nocase(uri, DS_LITERAL("cid:")) &&
            ds_slice_equal(ds_slice_from(uri, 4), part->content_id))
            return true;
    }
    return false;
}

/* ---- SIG-16 ---- */

/* Of an INVITE that comes too late to be known as part of its call nobody knows what it goes on
 * from. */
static void shown_to_peer(struct ds_judge *judge,
                          const struct ds_subject *subject,
                          const struct ds_hop_seen *hop,
                          const struct ds_trunk *trunk,
                          struct ds_tally *tally)
{
    struct ds_part told, shown;
    uint32_t frame = hop->invite->frame;
    const struct ds_hop_seen *before = ds_hop_before(subject->call, hop);
    bool is_told = before != NULL && ds_msg_part(before->invite->msg, DS_PIDF_TYPE, &told);
    bool is_shown = ds_msg_part(hop->invite->msg, DS_PIDF_TYPE, &shown);
    (void)judge;
    if ((!is_told && !is_shown) || (before == NULL && trunk->pidf_lo))
        return;
    if (is_shown && (!trunk->pidf_lo || !is_told))
        ds_tally_bad(tally, frame, "%s is shown a location in frame %u, %s", trunk->b->name, frame,
                     trunk->pidf_lo ? "though the caller told none"
                                    : "and its trunk has PIDF-LO off");
    else if (!is_shown && trunk->pidf_lo)
        ds_tally_bad(tally, frame,
                     "%s is shown no location in frame %u, though its trunk has PIDF-LO on and "
                     "frame %u tells it",
                     trunk->b->name, frame, before->invite->frame);
    else if (is_shown &&
             (!ds_slice_equal(shown.body, told.body) || !is_named(hop->invite->msg, &shown)))
        ds_tally_bad(tally, frame,
                     "the location in frame %u is another than in frame %u, or Geolocation does "
                     "not name it",
                     frame, before->invite->frame);
    else
        ds_tally_good(tally, frame);
}

static void one_location_on_trunk(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    ds_subject_tries(judge, subject, shown_to_peer, &tally);
    ds_judge_tally(judge, &tally, "INVITEs that show as much of the location as the trunk is for");
}

void ds_check_location_on_trunk(struct ds_judge *judge)
{
    ds_judge_calls(judge, "INVITE on a trunk in a call that tells a location",
                   one_location_on_trunk);
}

/* ---- EMG-01 ---- */

static bool says(const char *said, const char *wanted)
{
    return strcmp(said, wanted == NULL ? "" : wanted) == 0;
}

/* What is wrong with it; NULL: nothing. */
static const char *look_at(const struct ds_subject *subject, const struct ds_part *part)
{
    struct ds_pidf pidf;
    const struct ds_topo_node *caller = subject->caller;
    const struct ds_site *site = caller->site;
    if (!is_named(subject->call->hops[0].invite->msg, part))
        return "no Geolocation header names it";
    if (ds_pidf_read(part->body, &pidf, NULL) != DS_OK)
        return "it cannot be read";
    if (!ds_slice_starts(ds_slice_of(pidf.contact), DS_LITERAL("tel:")) ||
        !says(pidf.contact + 4, caller->user->number))
        return "it does not have the caller's number to call back";
    if (!says(pidf.country, site->address.country) || !says(pidf.city, site->address.city) ||
        !says(pidf.street, site->address.street) || !says(pidf.name, site->elin))
        return "it is of another place";
    return NULL;
}

static void one_location_told(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_part part;
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_topo_node *caller = subject->caller;
    if (ds_subject_emergency(subject) == NULL || caller->site->address.country == NULL)
        return;
    const struct ds_event *invite = subject->call->hops[0].invite;
    ds_evidence_add(&evidence, invite->frame);
    bool told = ds_msg_part(invite->msg, DS_PIDF_TYPE, &part);
    const char *wrong = told ? look_at(subject, &part) : "there is none";
    if (wrong == NULL)
        ds_judge_say(judge, DS_PASS, &evidence,
                     "frame %u tells that %s is in %s, and whom to "
                     "call back",
                     invite->frame, caller->name, caller->site->name);
    else
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "frame %u is to tell that %s is in %s, and whom to call back: %s",
                     invite->frame, caller->name, caller->site->name, wrong);
}

void ds_check_location_told(struct ds_judge *judge)
{
    ds_judge_calls(judge, "emergency call from a place that is known", one_location_told);
}

/* ---- EMG-02 ---- */

static const struct ds_hop_seen *hop_to_user(const struct ds_call *call,
                                             const struct ds_topo_node *user)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].to_node, DS_ROLE_CLIENT) &&
            call->hops[i].to_node->user == user)
            return &call->hops[i];
    return NULL;
}

static void one_called_back(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    struct ds_slice elin = ds_slice_of(call->to_number);
    if (ds_topo_elin_site(judge->topo, elin) == NULL || subject->left_count > 0)
        return;
    const struct ds_topo_node *caller = ds_judge_shown_as(judge, call, elin);
    if (caller == NULL)
        return;
    const struct ds_hop_seen *hop = hop_to_user(call, caller->user);
    ds_evidence_add(&evidence, (hop == NULL ? &call->hops[0] : hop)->invite->frame);
    if (hop != NULL)
        ds_judge_say(judge, DS_PASS, &evidence, "%s is called back at %s, in frame %u",
                     caller->name, call->to_number, hop->invite->frame);
    else if (call->hops[0].final != NULL)
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "%s made the last emergency call with %s, and is not reached by the call "
                        "back in frame %u",
                        caller->name, call->to_number, call->hops[0].invite->frame);
}

void ds_check_called_back(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call back to an ELIN that was shown", one_called_back);
}
