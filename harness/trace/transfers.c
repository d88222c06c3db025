#include "trace_internal.h"

/*
 * Calls that a transfer makes (RFC 3515). Whoever was asked by REFER calls the target on a leg of
 * its own, which begins a call that continues the one in which it was asked: the party that stays
 * goes on in it, on legs of the first. So it is where the focus of a conference takes a call over
 * (RFC 4579): it calls in the place of who has moved there, and the other end stays.
 */

#define WINDOW_US  (180 * DS_TRACE_S) /* as long as who was asked may take to call */
#define GOES_ON_US (DS_TRACE_S / 10)  /* more than the last packets */
#define AT_ONCE_US (2 * DS_TRACE_S)
#define MAX_REFERS 64 /* looked back at for each call */

/* ---- which call continues which ---- */

void ds_trace_refers(struct ds_reading *reading, struct ds_trace_refers *out)
{
    const struct ds_trace *trace = reading->trace;
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct ds_event *event = &trace->events[i];
        if (event->leg->refer == NULL || !ds_msg_is_request(event->msg) ||
            !ds_msg_method_is(event->msg, "REFER") || event->retransmission)
            continue;
        struct ds_trace_refer *refer = ds_trace_array_add(&out->list, sizeof *refer);
        if (refer == NULL) {
            reading->out_of_memory = true;
            return;
        }
        *refer = (struct ds_trace_refer){.event = event};
    }
}

struct ds_slice ds_trace_refer_target(const struct ds_event *refer)
{
    struct ds_slice value = {NULL, 0}, params;
    (void)ds_msg_header(refer->msg, "Refer-To", 0, &value);
    return ds_trace_user(ds_value_uri(value, &params));
}

static bool asks_for(const struct ds_event *refer, const struct ds_hop_seen *hop)
{
    return refer->frame < hop->invite->frame && hop->invite->at - refer->at <= WINDOW_US &&
           refer->leg != hop->leg && ds_addr_same_ip(refer->to, hop->from) &&
           ds_trace_same_user(ds_trace_refer_target(refer),
                              ds_trace_user(ds_msg_request_uri(hop->invite->msg)));
}

const struct ds_event *ds_trace_refer_for(const struct ds_trace_refers *refers,
                                          const struct ds_hop_seen *hop)
{
    struct ds_trace_refer *list = refers->list.at;
    size_t looked_at = 0;
    for (size_t i = refers->list.count; i > 0 && looked_at < MAX_REFERS; i--) {
        struct ds_trace_refer *refer = &list[i - 1];
        if (refer->event->frame > hop->invite->frame)
            continue;
        looked_at++;
        if (refer->used || !asks_for(refer->event, hop))
            continue;
        refer->used = true;
        return refer->event;
    }
    return NULL;
}

struct ds_leg *ds_trace_replaced(const struct ds_trace *trace, const struct ds_leg *leg)
{
    struct ds_slice value, params;
    if (leg->focus == NULL || !ds_msg_header(leg->invite->msg, "Replaces", 0, &value))
        return NULL;
    struct ds_slice call_id = ds_value_uri(value, &params);
    for (struct ds_leg *at = trace->legs; at < leg; at++)
        if (at->invite != NULL && ds_slice_equal(at->call_id, call_id))
            return at;
    return NULL;
}

#define MAX_EVENTS 4096 /* looked back at for a REFER to a focus */

const struct ds_event *ds_trace_asked_focus(const struct ds_trace *trace,
                                            const struct ds_event *invite)
{
    struct ds_slice user = ds_trace_user(ds_msg_request_uri(invite->msg));
    size_t at = (size_t)(invite - trace->events);
    for (size_t looked_at = 0; at-- > 0 && looked_at < MAX_EVENTS; looked_at++) {
        const struct ds_event *event = &trace->events[at];
        if (event->leg->focus != NULL && ds_msg_is_request(event->msg) &&
            ds_msg_method_is(event->msg, "REFER") && ds_addr_same_ip(event->to, invite->from) &&
            ds_trace_same_user(ds_trace_refer_target(event), user))
            return event;
    }
    return invite;
}

static bool
touches(const struct ds_call *call, const struct ds_leg *leg, const struct ds_topo_node *node)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].leg == leg &&
            (call->hops[i].from_node == node || call->hops[i].to_node == node))
            return true;
    return false;
}

/* A colleague's device is called itself; who is behind a Mediation Server is the end that the leg
 * which is to end does not reach. */
const struct ds_topo_node *ds_trace_who_stays(const struct ds_call *call,
                                              const struct ds_topo_node *reached)
{
    const struct ds_call *before = call->continues;
    if (reached == NULL || reached->role != DS_ROLE_MEDIATION || before->from_node == NULL)
        return reached;
    bool calls = before->from_node != reached && touches(before, call->replaces, before->from_node);
    return calls ? before->to_node : before->from_node;
}

/* Behind the leg that is named others go on, where a back-to-back user agent has it. */
static void join(struct ds_trace *trace, struct ds_call *call, const struct ds_leg *leg)
{
    const struct ds_leg *named = leg->named;
    if (named == NULL || named->call == NULL || named->call == call || named->call->leg_count < 2 ||
        named->call == call->continues || call->joins != NULL || call->replaces != NULL)
        return;
    call->joins = named->call;
    trace->calls[named->call - trace->calls].continued_by = call;
    for (size_t i = call->hop_count; i-- > 0;)
        if (call->hops[i].leg == leg && call->hops[i].final_status / 100 == 2) {
            trace->legs[named - trace->legs].replaced = call->hops[i].final;
            return;
        }
}

void ds_trace_hand_over(struct ds_trace *trace)
{
    for (size_t i = 0; i < trace->call_count; i++) {
        struct ds_call *call = &trace->calls[i];
        if (call->continues == NULL || call->outcome != DS_ANSWERED)
            continue;
        trace->calls[call->continues - trace->calls].continued_by = call;
        for (size_t k = 0; k < call->leg_count; k++)
            join(trace, call, call->legs[k]);
    }
}

/* ---- whose the audio is ---- */

/* When the target itself answered: it may be heard before whoever called it has been told. */
static int64_t target_answered_at(const struct ds_call *call)
{
    int64_t earliest = call->answered_at;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (hop->final_status / 100 == 2 && hop->final->at < earliest)
            earliest = hop->final->at;
    }
    return earliest;
}

static bool stays(const struct ds_event *said, const struct ds_call *call)
{
    return said != NULL && said->leg != NULL && said->leg->refer == NULL &&
           said->leg->replaced == NULL && said->leg != call->continued_by->replaces;
}

/* Whoever asked is heard until the BYE, which comes at once, or for another reason. */
static int64_t handed_over_at(const struct ds_call *call)
{
    int64_t answered_at = call->continued_by->answered_at;
    bool leaves = call->bye != NULL && call->bye->at > answered_at &&
                  call->bye->at - answered_at < AT_ONCE_US;
    return leaves ? call->bye->at : answered_at;
}

static bool is_at(const struct ds_flow *flow, struct ds_addr addr)
{
    return ds_addr_same_ip(flow->from, addr) || ds_addr_same_ip(flow->to, addr);
}

/* Whoever asked a focus to take a call over: the first who sent that REFER. */
static struct ds_addr who_moves(const struct ds_call *call)
{
    const struct ds_leg *leg = call->refer->leg;
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_msg_is_request(leg->events[i]->msg) &&
            ds_msg_method_is(leg->events[i]->msg, "REFER") &&
            ds_msg_cseq(leg->events[i]->msg) == ds_msg_cseq(call->refer->msg))
            return leg->events[i]->from;
    return call->refer->from;
}

/* The end of a leg that another has taken the place of. */
static bool is_at_replaced(const struct ds_flow *flow, const struct ds_leg *leg)
{
    const struct ds_addr stays_at = leg->replaced->from;
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        bool is_end = event == leg->invite ||
                      (!ds_msg_is_request(event->msg) && ds_msg_method_is(event->msg, "INVITE") &&
                       ds_msg_status(event->msg) / 100 == 2);
        if (is_end && !ds_addr_same_ip(event->from, stays_at) && is_at(flow, event->from))
            return true;
    }
    return false;
}

/* Of who asked, and is heard until the BYE. */
static bool leaves(const struct ds_flow *flow, const struct ds_call *call)
{
    if (flow->first_at > handed_over_at(call) + GOES_ON_US)
        return false;
    if (call->continued_by->replaces != NULL && is_at(flow, who_moves(call->continued_by)))
        return true;
    for (size_t i = 0; i < call->leg_count; i++)
        if ((call->legs[i]->refer != NULL && is_at(flow, call->legs[i]->refer->from)) ||
            (call->legs[i]->replaced != NULL && is_at_replaced(flow, call->legs[i])))
            return true;
    return false;
}

/* What began once the target had answered is that call's, whichever leg described it. */
struct ds_call *
ds_trace_call_of(struct ds_trace *trace, const struct ds_flow *flow, const struct ds_call *call)
{
    while (call != NULL && call->continued_by != NULL &&
           flow->first_at >= target_answered_at(call->continued_by) && !leaves(flow, call))
        call = call->continued_by;
    return call == NULL ? NULL : &trace->calls[call - trace->calls];
}

/* Of the party that stays: it went on talking all the while. */
struct ds_call *
ds_trace_lasts_into(struct ds_trace *trace, const struct ds_flow *flow, const struct ds_call *call)
{
    bool lasts = call != NULL && call->continued_by != NULL &&
                 flow->last_at > handed_over_at(call) + GOES_ON_US &&
                 stays(flow->announced_to, call) && stays(flow->announced_from, call);
    return lasts ? &trace->calls[call->continued_by - trace->calls] : NULL;
}
