#include "admission_internal.h"

/* What an element still holds, and whether two elements believe the same of a call. */

static void tell_end(const struct ds_end *end, struct ds_buf *out)
{
    ds_buf_print(out, "%s keeps the media ports of its call %s %s, which is %s%s\n",
                 end->node->place->name, end->incoming ? "from" : "to", end->peer_number,
                 ds_end_state_name(end->state), end->talking ? ", and talks" : "");
}

static size_t tell_ends(const struct ds_node *node, struct ds_buf *out)
{
    size_t count = 0;
    for (struct ds_list *at = node->ends.next; at != &node->ends; at = at->next) {
        const struct ds_end *end = DS_OWNER(at, struct ds_end, link);
        if (end->media == NULL)
            continue;
        tell_end(end, out);
        count++;
    }
    return count;
}

static size_t media_of(const struct ds_bridge *bridge)
{
    return (bridge->in.media != NULL) + (bridge->out.media != NULL);
}

/* `pairs` grows by the pairs of media ports that belong to bridges. */
static size_t tell_bridges(const struct ds_node *node, size_t *pairs, struct ds_buf *out)
{
    const struct ds_bridges *bridges = ds_node_bridges(node);
    if (bridges == NULL)
        return 0;
    for (struct ds_list *at = bridges->list.next; at != &bridges->list; at = at->next) {
        const struct ds_bridge *bridge = DS_OWNER(at, struct ds_bridge, link);
        ds_buf_print(out, "%s keeps the bridge of the call from %s to %s, and %zu media ports\n",
                     node->place->name, bridge->caller, bridge->number, media_of(bridge));
        *pairs += media_of(bridge);
    }
    return ds_bridges_count(bridges);
}

/* The relayed addresses of an A/V Edge are not among them: one whose end was lost on its way ends
 * when its lifetime does (RFC 8656 7.3). */
size_t ds_node_leftovers(const struct ds_node *node, struct ds_buf *out)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    if (node->ua == NULL)
        return 0;
    size_t ends = tell_ends(node, out), pairs = ends;
    size_t count = ends + tell_bridges(node, &pairs, out);
    size_t admissions = ds_admissions_held(node);
    if (admissions > 0)
        ds_buf_print(out, "%s keeps the bandwidth of %zu calls\n", node->place->name, admissions);
    size_t strays = node->media.pairs_open - pairs;
    if (strays > 0)
        ds_buf_print(out, "%s keeps %zu pairs of media ports that are no call's\n",
                     node->place->name, strays);
    return count + admissions + strays + ds_ua_leftovers(node->ua, out);
}

/* ---- who believes what ---- */

struct viewer {
    struct ds_node *node;
    ds_node_call_fn *each;
    void *owner;
};

static const struct ds_topo_node *element_of(struct ds_node *node, struct ds_slice uri)
{
    struct ds_uri parsed;
    struct ds_hop hop;
    bool known = ds_uri_parse(uri, &parsed) == DS_OK && ds_node_resolve(node, &parsed, &hop);
    return known ? ds_node_peer(node, &hop) : NULL;
}

static void show(void *owner, const struct ds_dialog_seen *dialog)
{
    const struct viewer *viewer = owner;
    const struct ds_node_call call = {
        .call_id = dialog->call_id,
        .local_tag = dialog->local_tag,
        .remote_tag = dialog->remote_tag,
        .peer = element_of(viewer->node, dialog->remote_target),
    };
    viewer->each(viewer->owner, &call);
}

void ds_node_calls(struct ds_node *node, ds_node_call_fn *each, void *owner)
{
    struct viewer viewer = {.node = node, .each = each, .owner = owner};
    DS_CHECK(node, DS_NODE_MAGIC);
    if (node->ua != NULL)
        ds_ua_dialogs(node->ua, show, &viewer);
}

/* All the nodes, and one call as one of them believes in it. */
struct inquiry {
    struct ds_node *const *nodes;
    size_t count, disagreements;
    const struct ds_node *believer;
    const struct ds_node_call *call;
    bool confirmed;
    struct ds_buf *out;
};

static void compare(void *owner, const struct ds_node_call *other)
{
    struct inquiry *inquiry = owner;
    const struct ds_node_call *call = inquiry->call;
    inquiry->confirmed |= ds_slice_equal(other->call_id, call->call_id) &&
                          ds_slice_equal(other->local_tag, call->remote_tag) &&
                          ds_slice_equal(other->remote_tag, call->local_tag);
}

static struct ds_node *node_at(const struct inquiry *inquiry, const struct ds_topo_node *place)
{
    for (size_t i = 0; i < inquiry->count; i++)
        if (inquiry->nodes[i] != NULL && inquiry->nodes[i]->place == place)
            return inquiry->nodes[i];
    return NULL;
}

static void inquire(void *owner, const struct ds_node_call *call)
{
    struct inquiry *inquiry = owner;
    struct ds_node *other = node_at(inquiry, call->peer);
    if (other == NULL)
        return;
    inquiry->call = call;
    inquiry->confirmed = false;
    ds_node_calls(other, compare, inquiry);
    if (inquiry->confirmed)
        return;
    inquiry->disagreements++;
    ds_buf_print(inquiry->out, "%s believes the call of Call-ID %.*s with %s is up, %s does not\n",
                 inquiry->believer->place->name, DS_FMT(call->call_id), call->peer->name,
                 call->peer->name);
}

size_t ds_nodes_disagree(struct ds_node *const *nodes, size_t count, struct ds_buf *out)
{
    struct inquiry inquiry = {.nodes = nodes, .count = count, .out = out};
    for (size_t i = 0; i < count; i++) {
        inquiry.believer = nodes[i];
        if (nodes[i] != NULL)
            ds_node_calls(nodes[i], inquire, &inquiry);
    }
    return inquiry.disagreements;
}
