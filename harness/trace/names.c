#include "trace_internal.h"

#include <ctype.h>

/* Names that a capture has for addresses itself (the name resolution blocks of pcapng): where no
 * topology says what stands where, they stand for elements of which nothing else is known. They are
 * given last, when all that asks for a role has asked. */

#define LONGEST_NAME 48

struct names {
    struct ds_trace_map by_address; /* of struct ds_topo_node *; NULL: two have the same name */
    struct ds_trace_map by_name;
};

/* What a host may be called; nothing that a reader would have to beware of. */
static bool is_host_name(struct ds_slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.at[i]) && name.at[i] != '-' && name.at[i] != '.' &&
            name.at[i] != '_')
            return false;
    return name.len > 0 && name.len <= LONGEST_NAME;
}

/* Of two names of one address the first counts; a name of two addresses would tell neither. */
static void learn(struct ds_reading *reading, struct names *names, const struct ds_pcap_name *said)
{
    const struct ds_slice text = ds_slice_of(said->name);
    if (!is_host_name(text) || ds_trace_map_get(&names->by_address, DS_KEY(said->at.ip)) != NULL)
        return;
    struct ds_topo_node *node = ds_trace_map_get(&names->by_name, text);
    if (node != NULL) {
        node->name = NULL;
        return;
    }
    node = ds_reading_alloc(reading, sizeof *node);
    const char *copy = node == NULL ? NULL : ds_arena_copy(reading->arena, text);
    if (copy == NULL) {
        reading->out_of_memory = true;
        return;
    }
    *node = (struct ds_topo_node){.name = copy, .role = DS_ROLE_COUNT, .at = said->at};
    ds_reading_put(reading, &names->by_address, DS_KEY(node->at.ip), node);
    ds_reading_put(reading, &names->by_name, (struct ds_slice){copy, text.len}, node);
}

static void name_one(const struct names *names, struct ds_addr at, const struct ds_topo_node **node)
{
    const struct ds_topo_node *known =
        *node != NULL ? NULL : ds_trace_map_get(&names->by_address, DS_KEY(at.ip));
    if (known != NULL && known->name != NULL)
        *node = known;
}

/* Where a host talks to itself only ports tell one end from the other, and a name would hide them.
 */
static void name_both(const struct names *names,
                      struct ds_addr from,
                      struct ds_addr to,
                      const struct ds_topo_node **from_node,
                      const struct ds_topo_node **to_node)
{
    if (ds_addr_same_ip(from, to))
        return;
    name_one(names, from, from_node);
    name_one(names, to, to_node);
}

static void name_calls(const struct ds_trace *trace, const struct names *names)
{
    for (size_t i = 0; i < trace->call_count; i++) {
        struct ds_call *call = &trace->calls[i];
        for (size_t k = 0; k < call->hop_count; k++)
            name_both(names, call->hops[k].from, call->hops[k].to, &call->hops[k].from_node,
                      &call->hops[k].to_node);
        call->from_node = call->hops[0].from_node;
        call->to_node = ds_trace_callee(call);
    }
}

static void name_all(const struct ds_trace *trace, const struct names *names)
{
    for (size_t i = 0; i < trace->event_count; i++) {
        struct ds_event *event = &trace->events[i];
        name_both(names, event->from, event->to, &event->from_node, &event->to_node);
    }
    name_calls(trace, names);
    for (size_t i = 0; i < trace->flow_count; i++) {
        struct ds_flow *flow = &trace->flows[i];
        name_both(names, flow->from, flow->to, &flow->from_node, &flow->to_node);
    }
    for (size_t i = 0; i < trace->fax_count; i++) {
        struct ds_fax_seen *fax = &trace->faxes[i];
        name_both(names, fax->from, fax->to, &fax->from_node, &fax->to_node);
    }
}

void ds_trace_names(struct ds_reading *reading)
{
    struct names names = {.by_address = {0}};
    size_t count = 0;
    if (reading->without_names || reading->trace->topo != NULL || reading->file == NULL)
        return;
    const struct ds_pcap_name *list = ds_pcap_names(reading->file, &count);
    for (size_t i = 0; i < count && !reading->out_of_memory; i++)
        learn(reading, &names, &list[i]);
    if (count > 0 && !reading->out_of_memory)
        name_all(reading->trace, &names);
    ds_trace_map_clean_up(&names.by_address);
    ds_trace_map_clean_up(&names.by_name);
}
