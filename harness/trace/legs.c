#include "trace_internal.h"

/* One leg for each Call-ID, in the order of their first messages. */

static struct ds_leg *
leg_of(struct ds_reading *reading, struct ds_trace_map *map, const struct ds_event *event)
{
    struct ds_slice call_id = ds_msg_call_id(event->msg);
    if (call_id.at == NULL)
        call_id.at = "";
    struct ds_leg *leg = ds_trace_map_get(map, call_id);
    if (leg != NULL)
        return leg;
    leg = &reading->trace->legs[reading->trace->leg_count];
    leg->call_id = call_id;
    if (!ds_trace_map_put(map, call_id, leg)) {
        reading->out_of_memory = true;
        return NULL;
    }
    reading->trace->leg_count++;
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

static void assign(struct ds_reading *reading, struct ds_trace_map *map)
{
    struct ds_trace *trace = reading->trace;
    for (size_t i = 0; i < trace->event_count; i++) {
        struct ds_event *event = &trace->events[i];
        struct ds_leg *leg = leg_of(reading, map, event);
        if (leg == NULL)
            return;
        event->leg = leg;
        leg->event_count++;
        if (leg->invite == NULL && ds_trace_opens_call(event)) {
            leg->invite = event;
            leg->named = named_by(map, leg, event);
        }
        if (leg->focus == NULL && tells_focus(event))
            leg->focus = event;
        if (leg->refer == NULL && leg->focus == NULL && ds_msg_is_request(event->msg) &&
            ds_msg_method_is(event->msg, "REFER"))
            leg->refer = event;
    }
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
    struct ds_trace_map map = {0};
    struct ds_trace *trace = reading->trace;
    trace->legs = ds_reading_alloc(reading, trace->event_count * sizeof *trace->legs);
    if (!ds_trace_map_reserve(&map, trace->event_count / 4))
        reading->out_of_memory = true;
    if (!reading->out_of_memory)
        assign(reading, &map);
    ds_trace_map_clean_up(&map);
}
