#include "check_internal.h"

/* ANA-01: what a telephone on an analogue line cannot do. */

#define SOON_US INT64_C(2000000) /* within which a gateway would act upon it */
#define GOES_ON INT64_C(100000)

static bool is_flash(const struct ds_event *event)
{
    return ds_event_requests(event, "INFO") && !event->retransmission &&
           ds_is_role(event->from_node, DS_ROLE_ANALOGUE_PHONE) &&
           ds_msg_has_type(event->msg, "application/hook-flash");
}

/* What the gateway asks for on its trunk because of it, as far as that can be told. */
static const struct ds_event *acted_upon(const struct ds_call *call, const struct ds_event *flash)
{
    static const char *const methods[] = {"INVITE", "UPDATE", "INFO", "REFER"};
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        bool soon = event->frame > flash->frame && event->at - flash->at < SOON_US;
        for (size_t k = 0; soon && k < DS_COUNT(methods); k++)
            if (ds_addr_same_ip(event->from, flash->to) &&
                !ds_addr_same_ip(event->to, flash->from) && ds_event_requests(event, methods[k]))
                return event;
    }
    return NULL;
}

/* What is said into the telephone, as it was passed on when the hook was pressed; NULL: nothing
 * was.
 */
static const struct ds_flow *passed_on(const struct ds_call *call, const struct ds_event *flash)
{
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        if (ds_addr_same_ip(flow->from, flash->to) && !ds_addr_same_ip(flow->to, flash->from) &&
            flow->first_at < flash->at && flow->last_at > flash->at - GOES_ON)
            return flow;
    }
    return NULL;
}

static void
judge_flash(const struct ds_call *call, const struct ds_event *flash, struct ds_tally *tally)
{
    const struct ds_event *asked = acted_upon(call, flash);
    const struct ds_flow *flow = passed_on(call, flash);
    const char *gateway = ds_node_name(flash->to_node);
    if (asked != NULL)
        ds_tally_bad(tally, asked->frame,
                     "the hook flash of frame %u reaches %s: %s sends it %.*s in frame %u",
                     flash->frame, ds_node_name(asked->to_node), gateway,
                     DS_FMT(ds_msg_method(asked->msg)), asked->frame);
    else if (flow != NULL && flow->last_at > flash->at + GOES_ON)
        ds_tally_good(tally, flash->frame);
    else if (flow != NULL)
        ds_tally_bad(tally, flash->frame, "since the hook flash of frame %u %s passes no audio on",
                     flash->frame, gateway);
}

static void one_flashed(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    int64_t end = call->ended_at >= 0 ? call->ended_at : judge->trace->duration;
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *flash = call->events[i];
        if (is_flash(flash) && end - flash->at >= 2 * GOES_ON)
            judge_flash(call, flash, &tally);
    }
    ds_judge_tally(judge, &tally, "hook flashes that held nobody");
}

void ds_check_flash_holds_nobody(struct ds_judge *judge)
{
    ds_judge_calls(judge, "hook flash on an analogue line, in a call that goes on", one_flashed);
}
