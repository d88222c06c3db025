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
#define MAX_TURNS  64 /* that a call may have taken before somebody is asked for another */

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

static bool is_mediation(const struct ds_topo_node *node)
{
    return node != NULL && node->role == DS_ROLE_MEDIATION;
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
static const struct ds_topo_node *who_stays(const struct ds_call *call)
{
    const struct ds_topo_node *reached = call->to_node;
    const struct ds_call *before = call->replaces->call;
    if (!is_mediation(reached) || before->from_node == NULL)
        return reached;
    bool calls = before->from_node != reached && touches(before, call->replaces, before->from_node);
    return calls ? before->to_node : before->from_node;
}

static bool takes_place(const struct ds_call *call, const struct ds_call *of)
{
    return call != NULL && call->replaces != NULL && call->replaces->call == of;
}

/* A call that takes the place of a leg at its far end is a call of its own, but for a focus, which
 * takes all of it; at a back-to-back agent that answers it goes on with what lies behind that. */
static void take_place(struct ds_trace *trace, struct ds_call *call)
{
    const struct ds_call *before = call->replaces->call;
    bool is_focus = call->hops[0].leg->focus != NULL;
    bool is_late = takes_place(before->continued_by, before) &&
                   before->continued_by->replaces == call->replaces;
    bool goes_on = is_mediation(call->to_node) && call->outcome == DS_ANSWERED;
    if (is_late || (!is_focus && !goes_on) || before == call->continues) {
        call->replaces = NULL;
        return;
    }
    call->to_node = who_stays(call);
    if (call->outcome == DS_ANSWERED)
        trace->calls[before - trace->calls].continued_by = call;
}

/* A REFER on a leg of the party that stays reaches whoever is behind it by now. */
static const struct ds_call *latest(const struct ds_call *call, const struct ds_event *refer)
{
    size_t left = MAX_TURNS;
    while (takes_place(call->continued_by, call) && call->continued_by->answered_at < refer->at &&
           left-- > 0)
        call = call->continued_by;
    return call;
}

/* In the order in which they began, so that no call goes on with a later one. */
void ds_trace_hand_over(struct ds_trace *trace)
{
    for (size_t i = 0; i < trace->call_count; i++) {
        struct ds_call *call = &trace->calls[i];
        if (call->replaces != NULL)
            take_place(trace, call);
        if (call->continues == NULL)
            continue;
        call->continues = latest(call->continues, call->refer);
        if (call->outcome == DS_ANSWERED)
            trace->calls[call->continues - trace->calls].continued_by = call;
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

bool ds_leg_stays(const struct ds_call *call, const struct ds_leg *leg)
{
    const struct ds_call *next = call->continued_by;
    if (next == NULL)
        return false;
    return takes_place(next, call) ? leg != next->replaces : leg->refer == NULL;
}

static bool stays(const struct ds_call *call, const struct ds_event *said)
{
    return said != NULL && said->leg != NULL && ds_leg_stays(call, said->leg);
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

/* The end of the replaced leg that is not where the call in its place has come. */
static struct ds_addr end_that_leaves(const struct ds_call *call, const struct ds_call *next)
{
    struct ds_addr here = next->hops[next->hop_count - 1].to;
    const struct ds_event *invite = next->replaces->invite;
    struct ds_addr other = invite->to;
    if (!ds_addr_same_ip(invite->from, here))
        return invite->from;
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].leg == next->replaces && call->hops[i].final_status / 100 == 2)
            other = call->hops[i].to;
    return other;
}

/* Of who asked, or was replaced, and is heard until the BYE. */
static bool leaves(const struct ds_flow *flow, const struct ds_call *call)
{
    const struct ds_call *next = call->continued_by;
    if (flow->first_at > handed_over_at(call) + GOES_ON_US)
        return false;
    if (takes_place(next, call))
        return is_at(flow, end_that_leaves(call, next));
    for (size_t i = 0; i < call->leg_count; i++)
        if (call->legs[i]->refer != NULL && is_at(flow, call->legs[i]->refer->from))
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
                 stays(call, flow->announced_to) && stays(call, flow->announced_from);
    return lasts ? &trace->calls[call->continued_by - trace->calls] : NULL;
}
