#include "mail_internal.h"

/* RTE-24, BYP-09, MAIL-02: calls that Exchange UM takes, is to take, or must not take. */

/* ---- RTE-24 ---- */

#define FIRST_UM_ID 15000 /* ms-diagnostics: domain.md 5.5 */
#define LAST_UM_ID  15999

static const struct ds_topo_node *server_left(const struct ds_judge *judge,
                                              const struct ds_call *call)
{
    const struct ds_voice_mail *mail = &judge->topo->voice_mail;
    for (size_t i = 0; i < mail->server_count; i++)
        if (!ds_mail_was_tried(call, mail->servers[i]))
            return mail->servers[i];
    return NULL;
}

static bool names_um_failure(const struct ds_event *event)
{
    uint32_t id = event == NULL ? 0 : ds_msg_diagnostics_id(event->msg);
    return id >= FIRST_UM_ID && id <= LAST_UM_ID;
}

/* What the pool that called the servers answered to whoever had called it. */
static const struct ds_event *pools_answer(const struct ds_call *call,
                                           const struct ds_hop_seen *last)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].leg == last->leg && ds_addr_same_ip(call->hops[i].to, last->from))
            return call->hops[i].final;
    return NULL;
}

/* Did the last one that was called not take the call either? Not where its caller gave up. */
static bool
is_lost(const struct ds_call *call, const struct ds_hop_seen *last, const struct ds_event *told)
{
    if (call->outcome == DS_CANCELLED || last->cancelled)
        return false;
    return last->final_status != 0 ? last->final_status >= 300
                                   : told != NULL && ds_msg_status(told->msg) >= 300;
}

static void judge_lost(struct ds_judge *judge,
                       const struct ds_hop_seen *last,
                       const struct ds_event *told,
                       const struct ds_topo_node *left,
                       struct ds_tally *tally)
{
    bool named = names_um_failure(told);
    int status = told == NULL ? 0 : ds_msg_status(told->msg);
    uint32_t frame = told == NULL ? last->invite->frame : told->frame;
    if (left != NULL)
        ds_tally_bad(tally, frame, "%s does not take the call of frame %u, and %s is not called",
                     ds_node_name(last->to_node), last->invite->frame, left->name);
    else if (status == 480 && named)
        ds_tally_good(tally, frame);
    else if (told != NULL)
        ds_tally_bad(tally, frame, "no UM server takes the call, and its caller is told %d%s",
                     status, named ? "" : " without ms-diagnostics from 15000 to 15999");
    else if (!ds_judge_is_gone(judge, last->from, last->invite->at))
        ds_tally_bad(tally, frame, "no UM server takes the call, and its caller is told nothing");
}

static void one_list(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *last = ds_mail_last_try(call);
    if (last == NULL)
        return;
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_mail_was_left(call, &call->hops[i]))
            ds_tally_good(&tally, call->hops[i].invite->frame);
    const struct ds_event *told = pools_answer(call, last);
    if (is_lost(call, last, told))
        judge_lost(judge, last, told, server_left(judge, call), &tally);
    ds_judge_tally(judge, &tally, "UM servers that failed, and the call went on as it must");
}

void ds_check_next_um(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that a UM server did not take", one_list);
}

/* ---- BYP-09 ---- */

static bool joins(const struct ds_flow *flow, bool (*is_one)(const struct ds_topo_node *node))
{
    return (ds_is_role(flow->from_node, DS_ROLE_UM) && is_one(flow->to_node)) ||
           (ds_is_role(flow->to_node, DS_ROLE_UM) && is_one(flow->from_node));
}

static bool is_mediation(const struct ds_topo_node *node)
{
    return ds_is_role(node, DS_ROLE_MEDIATION);
}

static bool came_over_trunk(const struct ds_judge *judge, const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_judge_trunk(judge, call->hops[i].from_node, call->hops[i].to_node) != NULL)
            return true;
    return false;
}

static void one_relayed(struct ds_judge *judge, const struct ds_subject *subject)
{
    char text[200];
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    if (!ds_is_role(subject->callee, DS_ROLE_UM) || !came_over_trunk(judge, call) ||
        !ds_subject_was_up(judge, subject))
        return;
    for (size_t i = 0; i < call->flow_count; i++) {
        ds_flow_text(call->flows[i], text, sizeof text);
        if (joins(call->flows[i], ds_is_peer))
            ds_tally_bad(&tally, call->flows[i]->first_frame,
                         "the Mediation Server is passed by: %s", text);
        else if (joins(call->flows[i], is_mediation))
            ds_tally_good(&tally, call->flows[i]->first_frame);
    }
    ds_judge_tally(judge, &tally, "streams between the UM server and the Mediation Server");
}

void ds_check_um_relayed(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call from a trunk to a UM server", one_relayed);
}

/* ---- MAIL-02 ---- */

static const struct ds_hop_seen *decline(const struct ds_call *call,
                                         const struct ds_topo_node *user)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (hop->to_node != NULL && hop->to_node->user == user && hop->final_status >= 600)
            return hop;
    }
    return NULL;
}

static void one_declined(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_topo_node *left_for = ds_mail_user(subject),
                              *user = left_for != NULL ? left_for : subject->callee;
    if (!ds_is_role(user, DS_ROLE_CLIENT) || !user->user->handling.voice_mail)
        return;
    const struct ds_hop_seen *declined = decline(subject->call, user->user);
    const struct ds_hop_seen *tried = ds_mail_last_try(subject->call);
    if (declined == NULL)
        return;
    if (tried == NULL)
        ds_tally_good(&tally, declined->final->frame);
    else
        ds_tally_bad(&tally, tried->invite->frame,
                     "%s declines in frame %u, and the call goes to %s in frame %u",
                     declined->to_node->name, declined->final->frame, tried->to_node->name,
                     tried->invite->frame);
    ds_judge_tally(judge, &tally, "declines, after which no UM server is called");
}

void ds_check_declined_is_final(struct ds_judge *judge)
{
    ds_judge_calls(judge, "declined call to a user with voice mail", one_declined);
}
