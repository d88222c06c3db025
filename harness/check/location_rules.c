#include "location_internal.h"
#include "mail_internal.h"

#include <stdio.h>

/* RTE-19, RTE-20, RTE-31: location-based routing, out, in, and between PBXs. */

/* ---- RTE-19 ---- */

static void
say_place(const struct ds_judge *judge, const struct ds_subject *subject, char *out, size_t size)
{
    const struct ds_site *site = ds_subject_location(judge, subject);
    snprintf(out, size, "%s%s", site == NULL ? "an unknown place" : "the site ",
             site == NULL ? "" : site->name);
}

static void left_by(struct ds_judge *judge,
                    const struct ds_subject *subject,
                    const struct ds_hop_seen *hop,
                    const struct ds_trunk *trunk,
                    struct ds_tally *tally)
{
    char place[64];
    say_place(judge, subject, place, sizeof place);
    if (ds_admitted_place(subject->admitted, trunk) < subject->admitted->count)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%s calls from %s, whose calls may not leave by %s, which is called in frame "
                     "%u",
                     subject->caller->name, place, trunk->b->name, hop->invite->frame);
}

static void one_outbound(struct ds_judge *judge, const struct ds_subject *subject)
{
    char place[64];
    struct ds_tally tally = {0};
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_admitted *admitted = subject->admitted;
    const struct ds_event *final = subject->call->hops[0].final;
    if (admitted == NULL || !admitted->by_location)
        return;
    ds_subject_tries(judge, subject, left_by, &tally);
    if (tally.good + tally.bad > 0 || final == NULL) {
        ds_judge_tally(judge, &tally, "INVITEs by a trunk that is open where the caller is");
        return;
    }
    if (admitted->count > 0)
        return;
    say_place(judge, subject, place, sizeof place);
    ds_evidence_add(&evidence, final->frame);
    ds_judge_absent(judge, DS_PASS, &evidence,
                    "no trunk is open to %s in %s, and the call leaves by none",
                    subject->caller->name, place);
}

void ds_check_leaves_where_it_is_made(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call out that location-based routing has a say in", one_outbound);
}

/* ---- RTE-20 ---- */

/* Whom the pool calls who is no server and no Mediation Server: a device, or one behind an Edge. */
static bool rings_somebody(const struct ds_hop_seen *hop)
{
    return ds_is_role(hop->from_node, DS_ROLE_POOL) &&
           (ds_is_role(hop->to_node, DS_ROLE_CLIENT) || ds_is_role(hop->to_node, DS_ROLE_EDGE));
}

static void
look_for_ringing(const struct ds_call *call, const struct ds_site *site, struct ds_tally *tally)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (!rings_somebody(hop))
            continue;
        if (ds_topo_location(hop->to_node) == site)
            ds_tally_good(tally, hop->invite->frame);
        else
            ds_tally_bad(tally, hop->invite->frame,
                         "the call comes in by a trunk of the site %s, and %s, which is not there, "
                         "rings in frame %u",
                         site->name, hop->to_node->name, hop->invite->frame);
    }
}

/* Nobody is there: voice mail takes the call, where the user has it. */
static void judge_absence(struct ds_judge *judge,
                          const struct ds_subject *subject,
                          const struct ds_topo_node *user,
                          const struct ds_site *site)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *mail = ds_mail_last_try(call);
    const struct ds_event *final = call->hops[0].final;
    if (ds_call_has_device_at(judge, call, user, site) ||
        (mail == NULL && (final == NULL || call->outcome != DS_REFUSED)))
        return;
    ds_evidence_add(&evidence, mail != NULL ? mail->invite->frame : final->frame);
    if (mail == NULL && user->handling.voice_mail)
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "%s has no device at the site %s, and the call does not go to voice mail",
                        user->name, site->name);
    else
        ds_judge_absent(judge, DS_PASS, &evidence,
                        "%s has no device at the site %s; none rings elsewhere, and the call %s",
                        user->name, site->name, mail != NULL ? "goes to voice mail" : "is refused");
}

static void one_inbound(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_trunk *trunk = ds_subject_came_in_by(judge, subject);
    const struct ds_topo_node *user = ds_mail_user(subject);
    if (user == NULL && ds_is_role(subject->callee, DS_ROLE_CLIENT))
        user = subject->callee->user;
    if (trunk == NULL || trunk->restricted_to == NULL)
        return;
    look_for_ringing(subject->call, trunk->restricted_to, &tally);
    if (tally.good + tally.bad == 0 && user != NULL)
        judge_absence(judge, subject, user->user, trunk->restricted_to);
    else
        ds_judge_tally(judge, &tally, "devices ring, at the site of the trunk");
}

void ds_check_rings_where_it_comes_in(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call in by a trunk that is restricted to a site", one_inbound);
}

/* ---- RTE-31 ---- */

/* The trunk to the callee's PBX, as the capture's topology has it for this caller; NULL: no usage
   of theirs leads there, or it is at no site. */
static const struct ds_trunk *to_other_site(const struct ds_judge *judge,
                                            const struct ds_subject *subject)
{
    const struct ds_site *site = ds_subject_location(judge, subject);
    for (size_t i = 0; i < subject->admitted->count; i++) {
        const struct ds_trunk *trunk = subject->admitted->trunks[i];
        if (trunk->users_at != NULL && trunk->users_at != site)
            return trunk;
    }
    return NULL;
}

static void passed(struct ds_judge *judge,
                   const struct ds_subject *subject,
                   const struct ds_hop_seen *hop,
                   const struct ds_trunk *trunk,
                   struct ds_tally *tally)
{
    if (trunk == to_other_site(judge, subject))
        ds_tally_good(tally, hop->invite->frame);
}

static void one_between_pbxs(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_event *final = subject->call->hops[0].final;
    const struct ds_trunk *in = ds_subject_came_in_by(judge, subject);
    if (!ds_is_between_pbxs(subject->caller, subject->callee) || subject->admitted == NULL ||
        in == NULL || in->users_at == NULL || to_other_site(judge, subject) == NULL)
        return;
    ds_subject_tries(judge, subject, passed, &tally);
    if (tally.good > 0) {
        ds_judge_tally(judge, &tally, "INVITEs from the PBX of one site for that of another");
        return;
    }
    if (final == NULL)
        return;
    ds_evidence_add(&evidence, final->frame);
    ds_judge_absent(judge, DS_FAIL, &evidence,
                    "%s at the site %s calls %s at the site %s, and is refused with %d in frame %u "
                    "before anybody there is called",
                    subject->caller->name, in->users_at->name, subject->callee->name,
                    to_other_site(judge, subject)->users_at->name, subject->call->final_status,
                    final->frame);
}

void ds_check_passes_between_pbxs(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call between the PBXs of two sites", one_between_pbxs);
}
