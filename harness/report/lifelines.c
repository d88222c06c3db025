#include "report_internal.h"

/* The places of a call, in the order in which its INVITE reached them: the lines of a ladder. */

bool ds_place_same(struct ds_place a, struct ds_place b)
{
    return a.node != NULL ? a.node == b.node : b.node == NULL && ds_addr_same_ip(a.at, b.at);
}

static bool is_here(const struct ds_lifelines *lines, struct ds_place a, struct ds_place b)
{
    return lines->by_port && a.node == NULL && b.node == NULL ? ds_addr_equal(a.at, b.at)
                                                              : ds_place_same(a, b);
}

int ds_lifeline_of(const struct ds_lifelines *lines, struct ds_place place)
{
    for (size_t i = 0; i < lines->count; i++)
        if (is_here(lines, lines->list[i], place))
            return (int)i;
    return -1;
}

static void add(struct ds_lifelines *lines, struct ds_place place)
{
    if (ds_lifeline_of(lines, place) >= 0)
        return;
    if (lines->count < DS_MOST_LIFELINES)
        lines->list[lines->count++] = place;
    else
        lines->more = true;
}

/* Programs that share a machine are told apart by their ports. Elsewhere a port says little: that
 * of a TCP client is another each time. */
static bool share_machine(const struct ds_call *call)
{
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        if (event->from_node == NULL && event->to_node == NULL &&
            ds_addr_same_ip(event->from, event->to))
            return true;
    }
    return false;
}

void ds_lifelines_find(const struct ds_call *call, struct ds_lifelines *out)
{
    *out = (struct ds_lifelines){.by_port = share_machine(call)};
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        add(out, (struct ds_place){hop->from_node, hop->from});
        add(out, (struct ds_place){hop->to_node, hop->to});
    }
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        add(out, (struct ds_place){event->from_node, event->from});
        add(out, (struct ds_place){event->to_node, event->to});
    }
}

struct ds_addr_text ds_lifeline_name(const struct ds_lifelines *lines, size_t index)
{
    const struct ds_place *place = &lines->list[index];
    return place->node != NULL || lines->by_port ? ds_place_name(place->node, place->at)
                                                 : ds_addr_ip_text(place->at);
}
