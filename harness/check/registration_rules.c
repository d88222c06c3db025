#include "registration_internal.h"

/* REG-05, REG-06: a registration lasts as long as it was granted, and longer only where it is
   renewed (RFC 3261 10.2.4, 10.3). */

/* Who speaks so short before a registration is over is there to renew it. A pool that has a backup
   is asked every minute. */
#define THERE_US INT64_C(90000000)

/* ---- REG-05 ---- */

/* A client's registration, as the client knows it. */
struct lease {
    const struct ds_topo_node *client;
    const struct ds_event *asked;   /* its last REGISTER */
    const struct ds_event *granted; /* NULL: there is none, or it has asked again since */
    int64_t until, heard;           /* when that is over, and when the client spoke last before */
};

static void see_end(struct lease *lease, int64_t now, struct ds_tally *tally)
{
    const struct ds_event *granted = lease->granted;
    if (granted == NULL || now <= lease->until)
        return;
    if (lease->heard > granted->at && lease->heard >= lease->until - THERE_US)
        ds_tally_bad(tally, granted->frame,
                     "%s is registered by frame %u for %.0f s, and does not renew that",
                     lease->client->name, granted->frame,
                     (double)(lease->until - granted->at) / 1e6);
    lease->granted = NULL;
}

static void see_asking(struct lease *lease, const struct ds_event *event, struct ds_tally *tally)
{
    bool renews = lease->granted != NULL && event->to_node == lease->granted->from_node &&
                  !ds_event_signs_out(event);
    if (renews)
        ds_tally_good(tally, event->frame);
    lease->asked = event;
    lease->granted = NULL;
}

static void see_answer(struct lease *lease, const struct ds_event *event)
{
    bool answers = lease->asked != NULL && ds_event_takes_registration(event) &&
                   ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(lease->asked->msg));
    if (!answers)
        return;
    lease->until = ds_registration_until(event, ds_event_contact(lease->asked));
    lease->granted = lease->until > event->at ? event : NULL;
}

static void see(struct lease *lease, const struct ds_event *event, struct ds_tally *tally)
{
    see_end(lease, event->at, tally);
    if (event->to_node == lease->client)
        see_answer(lease, event);
    if (event->from_node != lease->client)
        return;
    lease->heard = event->at;
    if (ds_event_requests(event, "REGISTER") && !event->retransmission)
        see_asking(lease, event, tally);
}

void ds_check_registration_renewed(struct ds_judge *judge)
{
    struct ds_tally tally = {0};
    const struct ds_trace *trace = judge->trace;
    judge->sought = "registration that is to be renewed";
    for (size_t i = 0; i < judge->topo->node_count; i++) {
        struct lease lease = {.client = &judge->topo->nodes[i]};
        if (!ds_is_role(lease.client, DS_ROLE_CLIENT))
            continue;
        for (size_t k = 0; k < trace->event_count; k++)
            see(&lease, &trace->events[k], &tally);
        see_end(&lease, trace->duration, &tally);
    }
    ds_judge_tally_seen(judge, &tally, "registrations renewed in time");
}

/* ---- REG-06 ---- */

static bool calls_device(const struct ds_event *event)
{
    return ds_is_role(event->from_node, DS_ROLE_POOL) &&
           (ds_is_role(event->to_node, DS_ROLE_CLIENT) ||
            ds_is_role(event->to_node, DS_ROLE_EDGE)) &&
           ds_event_requests(event, "INVITE") && !ds_event_is_reinvite(event) &&
           !event->retransmission;
}

static void one_call(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    if (!calls_device(event))
        return;
    const struct ds_registration_seen seen =
        ds_registration_before(judge, event, ds_msg_request_uri(event->msg));
    if (seen.answer == NULL)
        return;
    if (seen.is_over)
        ds_tally_bad(tally, event->frame,
                     "%s calls a device in frame %u whose registration is over, as frame %u tells",
                     event->from_node->name, event->frame, seen.answer->frame);
    else
        ds_tally_good(tally, event->frame);
}

void ds_check_registration_over(struct ds_judge *judge)
{
    ds_judge_messages(judge, "call of a pool to a device that was registered there",
                      "calls to devices, whose registrations last", one_call);
}
