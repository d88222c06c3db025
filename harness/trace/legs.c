#include "trace_internal.h"

/* One leg for each Call-ID, in the order of their first messages. */

struct legs {
    struct ds_trace_map by_call_id;
    struct ds_trace_array list; /* with room for one of each message: they stay where they are */
};

static struct ds_leg *leg_of(struct legs *legs, const struct ds_event *event)
{
    struct ds_slice call_id = ds_msg_call_id(event->msg);
    struct ds_leg *leg = ds_trace_map_get(&legs->by_call_id, call_id);
    if (leg != NULL)
        return leg;
    leg = ds_trace_array_add(&legs->list, sizeof *leg);
    if (leg == NULL || !ds_trace_map_put(&legs->by_call_id, call_id, leg))
        return NULL;
    leg->call_id = call_id;
    return leg;
}

/* RFC 4579 4: where a focus calls or is called it says so. */
static bool tells_focus(const struct ds_event *event)
{
    bool server = (event->from_node != NULL && event->from_node->role == DS_ROLE_CONFERENCING) ||
                  (event->to_node != NULL && event->to_node->role == DS_ROLE_CONFERENCING);
    int status = ds_msg_is_request(event->msg) ? 200 : ds_msg_status(event->msg);
    return server || (status / 100 == 2 && ds_msg_method_is(event->msg, "INVITE") &&
                      ds_msg_is_from_focus(event->msg));
}

/* The call that is to be replaced is up: its leg is known. */
static const struct ds_leg *
named_by(const struct ds_trace_map *map, const struct ds_leg *leg, const struct ds_event *event)
{
    struct ds_slice value, params;
    if (!ds_msg_header(event->msg, "Replaces", 0, &value))
        return NULL;
    const struct ds_leg *named = ds_trace_map_get(map, ds_value_uri(value, &params));
    return named == leg ? NULL : named;
}

/* False when out of memory. */
static bool assign(const struct ds_trace *trace, struct legs *legs)
{
    for (size_t i = 0; i < trace->event_count; i++) {
        struct ds_event *event = &trace->events[i];
        struct ds_leg *leg = leg_of(legs, event);
        if (leg == NULL)
            return false;
        event->leg = leg;
        leg->event_count++;
        if (leg->invite == NULL && ds_trace_opens_call(event)) {
            leg->invite = event;
            leg->named = named_by(&legs->by_call_id, leg, event);
        }
        if (leg->focus == NULL && tells_focus(event))
            leg->focus = event;
        if (leg->refer == NULL && leg->focus == NULL && ds_msg_is_request(event->msg) &&
            ds_msg_method_is(event->msg, "REFER"))
            leg->refer = event;
    }
    return true;
}

void ds_trace_legs_fill(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    const struct ds_event **room =
        ds_reading_alloc(reading, trace->event_count * sizeof(struct ds_event *));
    if (room == NULL)
        return;
    for (size_t i = 0; i < trace->leg_count; i++) {
        trace->legs[i].events = room;
        room += trace->legs[i].event_count;
        trace->legs[i].event_count = 0;
    }
    for (size_t i = 0; i < trace->event_count; i++) {
        struct ds_leg *leg = trace->events[i].leg;
        leg->events[leg->event_count++] = &trace->events[i];
    }
}

DS_EXPANDED void ds_trace_legs(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct legs legs = {.list = {0}};
    bool good = ds_trace_map_reserve(&legs.by_call_id, trace->event_count / 4) &&
                ds_trace_array_reserve(&legs.list, sizeof(struct ds_leg), trace->event_count) &&
                assign(trace, &legs);
    trace->legs = legs.list.at;
    trace->leg_count = legs.list.count;
    if (!good || !ds_trace_array_hand_over(&legs.list, reading->arena)) {
        trace->leg_count = 0;
        reading->out_of_memory = true;
    }
    ds_trace_array_clean_up(&legs.list);
    ds_trace_map_clean_up(&legs.by_call_id);
}
