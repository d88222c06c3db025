#include "report_internal.h"

#include <string.h>

/* Below the arrows: who sent audio to whom, and who was heard. */

static const char *codec(const struct ds_flow *flow)
{
    if (flow->payload_packets[DS_PT_PCMU] > 0)
        return "PCMU";
    if (flow->payload_packets[DS_PT_PCMA] > 0)
        return "PCMA";
    return flow->payload_packets[9] > 0 ? "G722" : "audio";
}

static bool is_back(const struct ds_flow *there, const struct ds_flow *back)
{
    return ds_addr_equal(there->from, back->to) && ds_addr_equal(there->to, back->from);
}

static const struct ds_flow *way_back(const struct ds_call *call, const struct ds_flow *there)
{
    for (size_t i = 0; i < call->flow_count; i++)
        if (is_back(there, call->flows[i]))
            return call->flows[i];
    return NULL;
}

/* Is this the way back of a stream that was printed already? */
static bool was_printed(const struct ds_call *call, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (is_back(call->flows[i], call->flows[index]))
            return true;
    return false;
}

static void print_place(const struct ds_topo_node *node, struct ds_addr at, struct ds_buf *out)
{
    ds_buf_text(out, node != NULL ? node->name : ds_addr_text(at).text);
}

static void print_heard(const struct ds_flow *flow, struct ds_buf *out)
{
    if (flow == NULL)
        return;
    if (flow->talker != NULL) {
        ds_buf_text(out, "; ");
        print_place(flow->to_node, flow->to, out);
        ds_buf_print(out, " hears %s", flow->talker->name);
    }
    if (flow->digits[0] != '\0')
        ds_buf_print(out, "; digits %s", flow->digits);
}

void ds_ladder_media(const struct ds_call *call, struct ds_buf *out)
{
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i], *back = way_back(call, flow);
        if (was_printed(call, i))
            continue;
        ds_buf_text(out, "  audio  ");
        print_place(flow->from_node, flow->from, out);
        ds_buf_text(out, back == NULL ? " => " : " == ");
        print_place(flow->to_node, flow->to, out);
        ds_buf_print(out, "  %s  %llu", codec(flow), (unsigned long long)flow->packets);
        if (back != NULL)
            ds_buf_print(out, " + %llu", (unsigned long long)back->packets);
        ds_buf_print(out, " packets, %lld lost",
                     (long long)flow->stats.lost +
                         (long long)(back == NULL ? 0 : back->stats.lost));
        print_heard(flow, out);
        print_heard(back, out);
        ds_buf_text(out, "\n");
    }
}
