#include "mail_internal.h"

/* FWD-01 … FWD-03, RTE-18: calls that their users send on. */

static bool is_of(const struct ds_hop_seen *hop, const struct ds_topo_node *user)
{
    return ds_is_role(hop->from_node, DS_ROLE_POOL) && ds_is_role(hop->to_node, DS_ROLE_CLIENT) &&
           hop->to_node->user == user;
}

/* The first hop to a device of that user, or NULL. */
static const struct ds_hop_seen *find_ringing(const struct ds_call *call,
                                              const struct ds_topo_node *user)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (is_of(&call->hops[i], user))
            return &call->hops[i];
    return NULL;
}

/* ---- FWD-01 ---- */

static void look_for_ringing(const struct ds_subject *subject,
                             const struct ds_topo_node *user,
                             const struct ds_hop_seen *out,
                             struct ds_tally *tally)
{
    const struct ds_hop_seen *ringing = find_ringing(subject->call, user);
    if (ringing != NULL)
        ds_tally_bad(tally, ringing->invite->frame,
                     "all calls to %s are forwarded to %s, and %s rings in frame %u", user->name,
                     user->handling.forward, ringing->to_node->name, ringing->invite->frame);
    else if (out != NULL)
        ds_tally_good(tally, out->invite->frame);
}

static void one_forwarded(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->left_count; i++)
        if (subject->left[i].how == DS_LEFT_AT_ONCE)
            look_for_ringing(subject, subject->left[i].user, subject->left[i].hop, &tally);
    if (subject->stranded)
        look_for_ringing(subject, subject->callee->user, NULL, &tally);
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else if (tally.good > 0)
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "the call goes on to %s at once, and no device of %s rings",
                        subject->number, subject->left[0].user->name);
}

void ds_check_forwarded_at_once(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to a user who forwards all calls", one_forwarded);
}

/* ---- FWD-02 ---- */

/* Does the chain of those who forward all calls come back to one of them? */
static bool is_circle(const struct ds_topo *topo, const struct ds_topo_node *first)
{
    const struct ds_topo_node *been[DS_MOST_LEFT], *user = first;
    size_t count = 0;
    while (ds_is_role(user, DS_ROLE_CLIENT) && user->handling.forward != NULL) {
        for (size_t i = 0; i < count; i++)
            if (been[i] == user)
                return true;
        if (count == DS_MOST_LEFT)
            return false;
        been[count++] = user;
        user = ds_topo_owner(topo, ds_slice_of(user->handling.forward));
    }
    return false;
}

static void one_circle(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence frames = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_topo_node *first =
        subject->left_count > 0 ? subject->left[0].user : subject->callee;
    if (!is_circle(judge->topo, first))
        return;
    const struct ds_event *told = ds_call_diagnosed(call, "13000");
    const struct ds_hop_seen *ringing = find_ringing(call, first);
    if (ringing != NULL) {
        ds_evidence_add(&frames, ringing->invite->frame);
        ds_judge_say(judge, DS_FAIL, &frames,
                     "what %s forwards comes back to %s, and %s rings in frame %u", first->name,
                     first->name, ringing->to_node->name, ringing->invite->frame);
    } else if (told != NULL && ds_msg_status(told->msg) == 482) {
        ds_evidence_add(&frames, told->frame);
        ds_judge_say(judge, DS_PASS, &frames,
                     "what %s forwards comes back to %s, and ends with 482 and 13000", first->name,
                     first->name);
    } else if (call->outcome == DS_REFUSED) {
        ds_judge_absent(judge, DS_FAIL, &frames,
                        "what %s forwards comes back to %s, and ends with %d and without 13000",
                        first->name, first->name, call->final_status);
    }
}

void ds_check_forwarded_in_a_circle(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that users forward in a circle", one_circle);
}

/* ---- FWD-03 ---- */

struct history {
    struct ds_slice left, last; /* indices: of the user whom the call left, and of the last entry */
    struct ds_slice target;     /* the user part of the last entry */
};

static bool names(struct ds_slice user, const struct ds_topo_node *node)
{
    return ds_slice_equal(user, ds_slice_of(node->name)) ||
           (node->number != NULL && ds_slice_equal(user, ds_slice_of(node->number)));
}

static struct history read_history(const struct ds_msg *invite, const struct ds_topo_node *user)
{
    struct history history = {.left = {NULL, 0}};
    struct ds_slice value, params;
    struct ds_uri uri;
    for (size_t i = 0; ds_msg_value(invite, "History-Info", i, &value); i++) {
        struct ds_slice index = {NULL, 0};
        if (ds_uri_parse(ds_value_uri(value, &params), &uri) != DS_OK ||
            !ds_param(params, "index", &index))
            return (struct history){.left = {NULL, 0}};
        if (history.left.len == 0 && names(uri.user, user))
            history.left = index;
        history.last = index;
        history.target = uri.user;
    }
    return history;
}

static bool is_below(struct ds_slice index, struct ds_slice above)
{
    return above.len > 0 && ds_slice_starts(index, above) && index.len > above.len + 1 &&
           index.at[above.len] == '.';
}

static void demand_history(const struct ds_subject *subject,
                           const struct ds_topo_node *user,
                           const struct ds_hop_seen *hop,
                           struct ds_tally *tally)
{
    const struct ds_event *invite = hop->invite;
    const struct history history = read_history(invite->msg, user);
    const struct ds_topo_node *there = hop->to_node;
    bool arrives = ds_slice_equal(history.target, ds_event_user(invite, NULL)) ||
                   ds_slice_equal(history.target, ds_slice_of(subject->number)) ||
                   (ds_is_role(there, DS_ROLE_CLIENT) && (names(history.target, there->user)));
    if (arrives && is_below(history.last, history.left))
        ds_tally_good(tally, invite->frame);
    else
        ds_tally_bad(tally, invite->frame,
                     "the call goes on from %s in frame %u, and its History-Info does not tell%s",
                     user->name, invite->frame, history.left.len == 0 ? "" : " where to");
}

/* Where the Mediation Server that it goes on to does not take it, another is told the same. */
static void demand_history_again(const struct ds_subject *subject,
                                 const struct ds_left *left,
                                 struct ds_tally *tally)
{
    const struct ds_hop_seen *first = left->hop;
    for (size_t i = 0; first != NULL && i < subject->call->hop_count; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        if (hop != first && hop->from_node == first->from_node &&
            ds_is_role(first->to_node, DS_ROLE_MEDIATION) &&
            ds_is_role(hop->to_node, DS_ROLE_MEDIATION) &&
            ds_slice_equal(ds_event_user(hop->invite, NULL), ds_event_user(first->invite, NULL)))
            demand_history(subject, left->user, hop, tally);
    }
}

static void one_history(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->left_count; i++) {
        demand_history(subject, subject->left[i].user, subject->left[i].hop, &tally);
        demand_history_again(subject, &subject->left[i], &tally);
    }
    const struct ds_topo_node *rung = ds_mail_user(subject);
    if (rung == NULL && subject->callee != NULL)
        rung = subject->callee->user;
    if (subject->beside != NULL && rung != NULL)
        demand_history(subject, rung, subject->beside, &tally);
    ds_judge_tally(judge, &tally,
                   "times the call goes on, and History-Info tells from whom and where to");
}

void ds_check_history(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that goes on from the user who was called", one_history);
}

/* ---- RTE-18 ---- */

static bool is_outside(const struct ds_topo *topo, const char *number)
{
    return number != NULL && ds_topo_population(topo, ds_slice_of(number)) != DS_ROLE_CLIENT;
}

static void look_for_trunks(const struct ds_judge *judge,
                            const struct ds_call *call,
                            const struct ds_topo_node *user,
                            struct ds_tally *tally)
{
    const struct ds_call_handling *handling = &user->handling;
    const char *const numbers[] = {handling->forward, handling->ring_also, handling->unanswered};
    for (size_t n = 0; n < DS_COUNT(numbers); n++) {
        if (!is_outside(judge->topo, numbers[n]))
            continue;
        for (size_t i = 0; i < call->hop_count; i++) {
            const struct ds_hop_seen *hop = &call->hops[i];
            if (ds_judge_trunk(judge, hop->from_node, hop->to_node) != NULL &&
                ds_slice_equal(ds_event_user(hop->invite, NULL), ds_slice_of(numbers[n])))
                ds_tally_bad(tally, hop->invite->frame,
                             "%s may forward to colleagues only, and %s is called in frame %u",
                             user->name, numbers[n], hop->invite->frame);
        }
        ds_tally_good(tally, call->hops[0].invite->frame);
    }
}

static bool is_at_pool(const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].to_node, DS_ROLE_POOL))
            return true;
    return false;
}

static void one_inside_only(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_topo_node *callee = subject->callee;
    for (size_t i = 0; i < subject->left_count; i++)
        if (subject->left[i].user->handling.inside_only)
            look_for_trunks(judge, subject->call, subject->left[i].user, &tally);
    if (ds_is_role(callee, DS_ROLE_CLIENT) && callee->user->handling.inside_only)
        look_for_trunks(judge, subject->call, callee->user, &tally);
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else if (tally.good > 0 && is_at_pool(subject->call))
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "a user who may forward to colleagues only names a number outside, and no "
                        "trunk is asked for it");
}

void ds_check_forwarding_policy(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to a user who may forward to colleagues only", one_inside_only);
}
