#include "mail_internal.h"

/* MAIL-07: of a call whose caller gives up before anybody had it a UM server is told by INFO, for
   its user ([MCN]). What the INFO looks like is not published: it says who has called. */

#define PATIENCE_US INT64_C(2000000)

static bool is_note(const struct ds_event *event)
{
    return ds_event_requests(event, "INFO") && !event->retransmission &&
           ds_is_role(event->from_node, DS_ROLE_POOL) && ds_is_role(event->to_node, DS_ROLE_UM);
}

/* For whom the session is in which it is told: To of its INVITE. */
static bool is_for(const struct ds_event *note, const struct ds_topo_node *user)
{
    return ds_slice_equal(ds_event_user(note, "To"), ds_slice_of(user->name));
}

/* The INVITE as it reached the pool. */
static const struct ds_hop_seen *at_pool(const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].to_node, DS_ROLE_POOL))
            return &call->hops[i];
    return NULL;
}

static bool says_who_called(const struct ds_event *note, const struct ds_hop_seen *hop)
{
    size_t at;
    struct ds_slice caller = ds_event_user(hop->invite, "From");
    return caller.len > 0 && ds_slice_find(ds_msg_body(note->msg), caller, &at);
}

/* The user who did not get it; NULL: nobody with voice mail. */
static const struct ds_topo_node *missed_by(const struct ds_subject *subject)
{
    const struct ds_topo_node *user = ds_mail_user(subject);
    if (user == NULL && ds_is_role(subject->callee, DS_ROLE_CLIENT))
        user = subject->callee->user;
    return user != NULL && user->handling.voice_mail ? user : NULL;
}

/* Whose caller gave up before anybody had it. `out` is who did not get it; NULL: it is no such
 * call. */
static const struct ds_hop_seen *given_up(const struct ds_subject *subject,
                                          const struct ds_topo_node **out)
{
    const struct ds_hop_seen *hop = at_pool(subject->call);
    *out = missed_by(subject);
    return hop != NULL && hop->cancelled && *out != NULL ? hop : NULL;
}

/* How many calls like this one were given up until then: of the same caller, to the same user. */
static size_t count_given_up(const struct ds_judge *judge,
                             const struct ds_topo_node *user,
                             struct ds_slice caller,
                             int64_t until)
{
    size_t count = 0;
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_topo_node *whose;
        const struct ds_hop_seen *hop = given_up(&judge->subjects[i], &whose);
        count += hop != NULL && whose == user && hop->invite->at <= until &&
                 ds_slice_equal(ds_event_user(hop->invite, "From"), caller);
    }
    return count;
}

/* The n-th note of a call of that caller, or NULL. */
static const struct ds_event *find_note(const struct ds_judge *judge,
                                        const struct ds_topo_node *user,
                                        const struct ds_hop_seen *hop,
                                        size_t n)
{
    for (size_t i = 0; i < judge->outside_count; i++) {
        const struct ds_event *event = judge->outside[i];
        if (is_note(event) && is_for(event, user) && says_who_called(event, hop) && n-- == 1)
            return event;
    }
    return NULL;
}

/* A server is being asked to listen, and has not answered. */
static bool is_being_told(const struct ds_judge *judge, int64_t since)
{
    bool asked = false;
    for (size_t i = 0; i < judge->outside_count; i++) {
        const struct ds_event *event = judge->outside[i];
        if (event->at < since || !ds_msg_method_is(event->msg, "INVITE"))
            continue;
        if (ds_is_role(event->from_node, DS_ROLE_POOL) && ds_is_role(event->to_node, DS_ROLE_UM))
            asked = true;
        else if (ds_is_role(event->from_node, DS_ROLE_UM) && ds_msg_status(event->msg) >= 200)
            asked = false;
    }
    return asked;
}

static void
judge_missed(struct ds_judge *judge, const struct ds_topo_node *user, const struct ds_hop_seen *hop)
{
    struct ds_evidence evidence = {{0}, 0};
    struct ds_slice caller = ds_event_user(hop->invite, "From");
    size_t n = count_given_up(judge, user, caller, hop->invite->at);
    const struct ds_event *note = find_note(judge, user, hop, n);
    ds_evidence_add(&evidence, note != NULL ? note->frame : hop->invite->frame);
    if (note != NULL)
        ds_judge_say(judge, DS_PASS, &evidence, "%s tells %s in frame %u that %s has missed a call",
                     note->from_node->name, note->to_node->name, note->frame, user->name);
    else if (hop->final != NULL && hop->final->at + PATIENCE_US <= judge->trace->duration &&
             !is_being_told(judge, hop->final->at))
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "the caller of frame %u gives up before %s answers, and no server is told",
                        hop->invite->frame, user->name);
}

static void one_given_up(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_topo_node *user;
    const struct ds_hop_seen *hop = given_up(subject, &user);
    if (judge->topo->voice_mail.missed_calls && hop != NULL &&
        subject->call->outcome == DS_CANCELLED)
        judge_missed(judge, user, hop);
}

/* Of a note that names this call's caller and user: is it one more than calls were given up? */
static bool is_one_too_many(const struct ds_judge *judge,
                            const struct ds_event *note,
                            const struct ds_subject *subject)
{
    const struct ds_topo_node *user = missed_by(subject);
    const struct ds_hop_seen *hop = at_pool(subject->call);
    if (user == NULL || hop == NULL || !is_for(note, user) || !says_who_called(note, hop))
        return false;
    size_t missed = count_given_up(judge, user, ds_event_user(hop->invite, "From"), note->at);
    const struct ds_event *first = find_note(judge, user, hop, missed + 1);
    return first != NULL && first->frame <= note->frame;
}

static void look_for_false_notes(struct ds_judge *judge)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < judge->outside_count; i++) {
        const struct ds_event *note = judge->outside[i];
        bool wrong = false;
        for (size_t k = 0; k < judge->trace->call_count && is_note(note) && !wrong; k++)
            wrong = is_one_too_many(judge, note, &judge->subjects[k]);
        if (wrong)
            ds_tally_bad(&tally, note->frame,
                         "frame %u tells %s of a missed call where no caller gave up", note->frame,
                         note->to_node->name);
    }
    ds_judge_tally(judge, &tally, "");
}

void ds_check_missed_call_noted(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call whose caller gives up, to a user with voice mail", one_given_up);
    judge->call = NULL;
    if (judge->topo->voice_mail.missed_calls)
        look_for_false_notes(judge);
}
