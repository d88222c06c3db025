#include "report_internal.h"

/* Who heard whom in a call: by the tones of its talkers, or, where nobody's is known, by the
 * streams alone. */

static bool is_end(const struct ds_call *call, const struct ds_topo_node *node)
{
    return node != NULL && (node == call->from_node || node == call->to_node);
}

static bool has_voice(const struct ds_flow *flow, const struct ds_topo_node *voice)
{
    for (size_t i = 0; i < flow->voice_count; i++)
        if (flow->voices[i].who == voice)
            return true;
    return false;
}

/* Not in a stream of the call before that one. */
static bool is_first(const struct ds_call *call, size_t index, const struct ds_topo_node *voice)
{
    const struct ds_flow *flow = call->flows[index];
    for (size_t i = 0; i < index; i++)
        if (call->flows[i]->to_node == flow->to_node && has_voice(call->flows[i], voice))
            return false;
    return is_end(call, flow->to_node);
}

void ds_each_heard(const struct ds_call *call, ds_heard_fn *each, void *owner)
{
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        for (size_t k = 0; k < flow->voice_count; k++)
            if (is_first(call, i, flow->voices[k].who))
                each(owner, flow->to_node, flow->voices[k].who);
    }
}

struct tones {
    struct ds_buf *out; /* borrowed */
    size_t count;
};

static void
print_tone(void *owner, const struct ds_topo_node *listener, const struct ds_topo_node *voice)
{
    struct tones *tones = owner;
    ds_buf_print(tones->out, "%s%s hears %s", tones->count++ == 0 ? "" : ", ", listener->name,
                 voice->name);
}

static size_t print_tones(const struct ds_call *call, struct ds_buf *out)
{
    struct tones tones = {.out = out};
    ds_each_heard(call, print_tone, &tones);
    return tones.count;
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
