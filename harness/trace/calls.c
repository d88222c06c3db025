#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

/* Legs that were joined, told as the caller saw them. */

/* ---- which legs make a call ---- */

static void open_call(struct ds_reading *reading, struct ds_leg *leg, struct ds_trace_join *join)
{
    struct ds_trace *trace = reading->trace;
    leg->call = join->upstream != NULL ? join->upstream->call : &trace->calls[trace->call_count++];
    ds_assert(leg->call != NULL);
    if (join->upstream == NULL && join->refer != NULL && join->refer->leg->call != NULL) {
        leg->call->continues = join->refer->leg->call;
        leg->call->refer = join->refer;
    }
    if (leg->call->replaces == NULL && leg->named != NULL && leg->named->call != NULL &&
        leg->named->call != leg->call)
        leg->call->replaces = leg->named;
    leg->call->leg_count++;
    leg->call->event_count += leg->event_count;
    if (join->tie != NULL && !leg->call->ambiguous) {
        leg->call->ambiguous = true;
        leg->call->remark = join->tie;
    }
}

/* Hops come in order of frames, so what a leg continues has its call already. */
static void open_calls(struct ds_reading *reading,
                       const struct ds_trace_array *hops,
                       struct ds_trace_join *joins)
{
    struct ds_trace *trace = reading->trace;
    const struct ds_hop_seen *list = hops->at;
    trace->calls = ds_reading_alloc(reading, trace->leg_count * sizeof *trace->calls);
    for (size_t i = 0; i < hops->count && trace->calls != NULL; i++) {
        size_t at = (size_t)(list[i].leg - trace->legs);
        if (trace->legs[at].call == NULL)
            open_call(reading, &trace->legs[at], &joins[at]);
        trace->legs[at].call->hop_count++;
    }
}

/* ---- what belongs to each ---- */

static bool make_room(struct ds_reading *reading, const struct ds_trace_array *hops)
{
    struct ds_trace *trace = reading->trace;
    struct ds_leg **legs = ds_reading_alloc(reading, trace->leg_count * sizeof(struct ds_leg *));
    const struct ds_event **events =
        ds_reading_alloc(reading, trace->event_count * sizeof(struct ds_event *));
    struct ds_hop_seen *seen = ds_reading_alloc(reading, hops->count * sizeof *seen);
    if (legs == NULL || events == NULL || seen == NULL)
        return false;
    for (size_t i = 0; i < trace->call_count; i++) {
        struct ds_call *call = &trace->calls[i];
        call->legs = legs;
        call->events = events;
        call->hops = seen;
        legs += call->leg_count;
        events += call->event_count;
        seen += call->hop_count;
        call->leg_count = call->event_count = call->hop_count = 0;
    }
    return true;
}

static void fill(struct ds_trace *trace, const struct ds_trace_array *hops)
{
    const struct ds_hop_seen *list = hops->at;
    for (size_t i = 0; i < hops->count; i++) {
        struct ds_leg *leg = &trace->legs[list[i].leg - trace->legs];
        struct ds_call *call = leg->call;
        if (leg->invite == list[i].invite)
            call->legs[call->leg_count++] = leg;
        call->hops[call->hop_count++] = list[i];
    }
    for (size_t i = 0; i < trace->event_count; i++) {
        struct ds_call *call = trace->events[i].leg->call;
        if (call != NULL)
            call->events[call->event_count++] = &trace->events[i];
    }
}

/* ---- how it went ---- */

/* The caller tries again by itself: another place, other credentials, another session timer. */
static bool asks_again(int status)
{
    return (status >= 300 && status < 400) || status == 401 || status == 407 || status == 420 ||
           status == 422 || status == 494;
}

/* The hop whose final response the caller took for the answer. */
static const struct ds_hop_seen *decisive_hop(const struct ds_call *call)
{
    const struct ds_hop_seen *first = &call->hops[0], *last = first;
    for (size_t i = 1; i < call->hop_count && asks_again(last->final_status); i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (hop->leg == first->leg && ds_addr_same_ip(hop->from, first->from))
            last = hop;
    }
    return last;
}

static enum ds_outcome outcome_of(const struct ds_hop_seen *hop)
{
    if (hop->final_status == 0)
        return DS_UNANSWERED;
    if (hop->final_status < 300)
        return DS_ANSWERED;
    return hop->cancelled && hop->final_status == 487 ? DS_CANCELLED : DS_REFUSED;
}

/* What its caller took for the answer of a leg, where a fork may have been answered twice: the
 * first that reached it. NULL: none. */
static const struct ds_event *answer_of(const struct ds_call *call, const struct ds_leg *leg)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (hop->leg == leg && hop->final_status >= 200 && hop->final_status < 300)
            return hop->final;
    }
    return NULL;
}

/* The BYE of another answer clears nothing but that. */
static bool clears_call(const struct ds_call *call, const struct ds_event *bye)
{
    const struct ds_event *answer = answer_of(call, bye->leg);
    if (answer == NULL)
        return true;
    struct ds_slice tag = ds_msg_to_tag(answer->msg);
    return ds_slice_equal(ds_msg_to_tag(bye->msg), tag) ||
           ds_slice_equal(ds_msg_from_tag(bye->msg), tag);
}

static const struct ds_event *first_bye(const struct ds_call *call)
{
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        if (ds_msg_is_request(event->msg) && ds_msg_method_is(event->msg, "BYE") &&
            clears_call(call, event))
            return event;
    }
    return NULL;
}

/* The hop by which a leg was answered as its caller knows it: the last of them, where proxies lie
 * between. NULL: it was not. */
static const struct ds_hop_seen *answered_hop(const struct ds_call *call, const struct ds_leg *leg)
{
    const struct ds_event *answer = answer_of(call, leg);
    for (size_t i = call->hop_count; answer != NULL && i-- > 0;) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (hop->leg == leg && hop->final != NULL &&
            ds_slice_equal(ds_msg_to_tag(hop->final->msg), ds_msg_to_tag(answer->msg)))
            return hop;
    }
    return NULL;
}

/* Behind who answered there may be another leg: the first of theirs that was answered, too. */
static const struct ds_hop_seen *answered_behind(const struct ds_call *call,
                                                 const struct ds_hop_seen *hop)
{
    for (const struct ds_hop_seen *at = hop + 1; at < call->hops + call->hop_count; at++) {
        if (!ds_addr_same_ip(at->from, hop->to) || at->leg == hop->leg)
            continue;
        const struct ds_hop_seen *answered = answered_hop(call, at->leg);
        if (answered != NULL && answered >= at)
            return answered;
    }
    return NULL;
}

/* Who answered, as far as that was seen; where nobody did, the last element that the INVITE
 * reached. */
const struct ds_topo_node *ds_trace_callee(const struct ds_call *call)
{
    const struct ds_hop_seen *hop = answered_hop(call, call->hops[0].leg);
    if (hop == NULL)
        return call->hops[call->hop_count - 1].to_node;
    for (const struct ds_hop_seen *behind = hop; behind != NULL;
         behind = answered_behind(call, hop))
        hop = behind;
    return hop->to_node;
}

static void name_ends(struct ds_call *call)
{
    const struct ds_msg *invite = call->hops[0].invite->msg;
    struct ds_slice from = {NULL, 0}, params;
    (void)ds_msg_header(invite, "From", 0, &from);
    (void)ds_slice_copy(ds_trace_user(ds_value_uri(from, &params)), call->from_number,
                        sizeof call->from_number);
    (void)ds_slice_copy(ds_trace_user(ds_msg_request_uri(invite)), call->to_number,
                        sizeof call->to_number);
    call->from_node = call->hops[0].from_node;
    call->to_node = ds_trace_callee(call);
}

static void tell(struct ds_call *call)
{
    const struct ds_hop_seen *hop = decisive_hop(call);
    name_ends(call);
    call->outcome = outcome_of(hop);
    call->final_status = hop->final_status;
    call->bye = first_bye(call);
    call->began_at = call->hops[0].invite->at;
    call->answered_at = call->outcome == DS_ANSWERED ? hop->final->at : -1;
    call->ended_at = -1;
    if (call->outcome == DS_REFUSED || call->outcome == DS_CANCELLED)
        call->ended_at = hop->final->at;
    else if (call->bye != NULL)
        call->ended_at = call->bye->at;
}

void ds_trace_calls(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_trace_array hops = {0};
    struct ds_trace_join *joins = calloc(trace->leg_count + 1, sizeof *joins);
    if (joins == NULL)
        reading->out_of_memory = true;
    if (!reading->out_of_memory)
        ds_trace_hops(reading, &hops);
    if (!reading->out_of_memory)
        ds_trace_join_legs(reading, &hops, joins);
    if (!reading->out_of_memory && !reading->is_last)
        ds_trace_part(reading, &hops, joins);
    if (!reading->out_of_memory)
        ds_trace_legs_fill(reading);
    if (!reading->out_of_memory)
        open_calls(reading, &hops, joins);
    if (!reading->out_of_memory && make_room(reading, &hops)) {
        fill(trace, &hops);
        for (size_t i = 0; i < trace->call_count; i++)
            tell(&trace->calls[i]);
        ds_trace_hand_over(trace);
    }
    free(joins);
    ds_trace_array_clean_up(&hops);
}
