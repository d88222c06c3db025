#include "report_internal.h"

/* Who heard whom in a call: by the tones of its talkers, or, where nobody's is known, by the
 * streams alone. */

static bool is_end(const struct ds_call *call, const struct ds_topo_node *node)
{
    return node != NULL && (node == call->from_node || node == call->to_node);
}

static bool is_heard(const struct ds_call *call, const struct ds_flow *flow)
{
    return flow->talker != NULL && is_end(call, flow->to_node);
}

bool ds_is_heard_first(const struct ds_call *call, size_t index)
{
    const struct ds_flow *flow = call->flows[index];
    for (size_t i = 0; i < index; i++)
        if (is_heard(call, call->flows[i]) && call->flows[i]->to_node == flow->to_node &&
            call->flows[i]->talker == flow->talker)
            return false;
    return is_heard(call, flow);
}

static size_t print_tones(const struct ds_call *call, struct ds_buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < call->flow_count; i++)
        if (ds_is_heard_first(call, i))
            ds_buf_print(out, "%s%s hears %s", count++ == 0 ? "" : ", ",
                         call->flows[i]->to_node->name, call->flows[i]->talker->name);
    return count;
}

static struct ds_addr_text name_of(const struct ds_topo_node *node, struct ds_addr at)
{
    return node == NULL ? ds_addr_ip_text(at) : ds_place_name(node, at);
}

static void print_streams(const struct ds_call *call, struct ds_buf *out)
{
    struct ds_pairs pairs;
    ds_pairs_find(call, &pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct ds_flow *there = pairs.list[i].there;
        ds_buf_print(
            out, "%s%s %s %s", i == 0 ? "" : ", ", name_of(there->from_node, there->from).text,
            pairs.list[i].back == NULL ? "=>" : "==", name_of(there->to_node, there->to).text);
    }
    ds_buf_text(out, pairs.more ? ", …" : "");
}

static bool has_fax(const struct ds_trace *trace, const struct ds_call *call)
{
    for (size_t i = 0; i < trace->fax_count; i++)
        if (trace->faxes[i].call == call)
            return true;
    return false;
}

void ds_print_heard(const struct ds_trace *trace, const struct ds_call *call, struct ds_buf *out)
{
    if (call->flow_count > 0 && print_tones(call, out) == 0)
        print_streams(call, out);
    if (has_fax(trace, call))
        ds_buf_text(out, call->flow_count > 0 ? ", fax" : "fax");
    else if (call->flow_count == 0)
        ds_buf_text(out, "no audio");
}
