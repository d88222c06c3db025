#include "admission_internal.h"

#include <stdio.h>

/* OPT-02: audio flows between the neighbours of the row's media column, both ways, and nowhere
 * else. */

struct media_path {
    const struct ds_topo_node *nodes[3 * DS_ROAD_MOST];
    size_t count;
};

/* Of a call that goes over the Internet for want of bandwidth: those of both sites. */
static void add_edges(const struct ds_judge *judge,
                      const struct ds_topo_node *from,
                      const struct ds_topo_node *to,
                      struct media_path *path)
{
    const struct ds_topo_node *near = ds_topo_internet_edge(judge->topo, from);
    const struct ds_topo_node *far = ds_topo_internet_edge(judge->topo, to);
    if (near == NULL || far == NULL)
        return;
    path->nodes[path->count++] = near;
    path->nodes[path->count++] = far;
}

static void resolve(const struct ds_judge *judge,
                    const struct ds_subject *subject,
                    const struct ds_road *road,
                    struct media_path *path)
{
    const struct ds_topo_node *last = NULL;
    bool by_internet = ds_call_internet_check(judge, subject->call) != NULL;
    path->count = 0;
    for (size_t i = 0; i < road->count; i++) {
        const struct ds_topo_node *node = ds_road_node(judge, subject, road, i);
        bool both = last != NULL && node != NULL;
        const struct ds_topo_node *edge =
            both ? ds_topo_edge_between(judge->topo, last, node) : NULL;
        if (edge != NULL)
            path->nodes[path->count++] = edge;
        else if (both && by_internet)
            add_edges(judge, last, node, path);
        path->nodes[path->count++] = last = node;
    }
}

static void path_text(const struct media_path *path, char *out, size_t size)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < path->count && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i == 0 ? "" : " ",
                                path->nodes[i] == NULL ? "?" : ds_role_name(path->nodes[i]->role));
}

/* Of a path that comes back to where it was, each of the two legs between the same neighbours has a
 * flow of its own. */
static size_t legs_between(const struct media_path *path,
                           const struct ds_topo_node *a,
                           const struct ds_topo_node *b)
{
    size_t legs = 0;
    for (size_t i = 0; i + 1 < path->count; i++)
        legs += (path->nodes[i] == a && path->nodes[i + 1] == b) ||
                (path->nodes[i] == b && path->nodes[i + 1] == a);
    return legs;
}

static void
find_strays(const struct ds_subject *subject, const struct media_path *path, struct ds_tally *tally)
{
    char text[160];
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        bool known = flow->from_node != NULL && flow->to_node != NULL;
        /* A call that crosses one element twice is handed on inside it. */
        if (known && flow->from_node == flow->to_node)
            continue;
        if (known && legs_between(path, flow->from_node, flow->to_node) > 0) {
            ds_tally_good(tally, flow->first_frame);
            continue;
        }
        if (ds_subject_flow_is_aside(subject, flow))
            continue;
        ds_flow_text(flow, text, sizeof text);
        ds_tally_bad(tally, flow->first_frame, "the option lays down no audio here: %s", text);
    }
}

static bool has_audio(const struct ds_call *call,
                      const struct media_path *path,
                      const struct ds_topo_node *from,
                      const struct ds_topo_node *to)
{
    size_t legs = legs_between(path, from, to), flows = 0;
    for (size_t i = 0; i < call->flow_count; i++)
        flows += call->flows[i]->from_node == from && call->flows[i]->to_node == to &&
                 call->flows[i]->packets >= DS_ENOUGH_AUDIO;
    return ds_call_packets(call, from, to) >= DS_ENOUGH_AUDIO && (legs < 2 || flows >= legs);
}

/* The first leg without audio in one direction; false when there is none. */
static bool find_silent_leg(const struct ds_subject *subject,
                            const struct media_path *path,
                            const struct ds_topo_node **from,
                            const struct ds_topo_node **to)
{
    for (size_t i = 0; i + 1 < path->count; i++) {
        const struct ds_topo_node *ends[2] = {path->nodes[i], path->nodes[i + 1]};
        if (ends[0] == ends[1]) /* handed on inside it */
            continue;
        for (size_t way = 0; way < 2; way++) {
            if (has_audio(subject->call, path, ends[way], ends[1 - way]))
                continue;
            *from = ends[way];
            *to = ends[1 - way];
            return true;
        }
    }
    return false;
}

static void judge_path(struct ds_judge *judge,
                       const struct ds_subject *subject,
                       const struct media_path *path,
                       const char *text)
{
    const struct ds_topo_node *from, *to;
    struct ds_tally tally = {0};
    find_strays(subject, path, &tally);
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else if (find_silent_leg(subject, path, &from, &to))
        ds_judge_absent(judge, DS_FAIL, &tally.good_frames,
                        "%llu RTP packets went from %s to %s; the option lays down audio along %s, "
                        "both ways",
                        (unsigned long long)ds_call_packets(subject->call, from, to),
                        ds_node_name(from), ds_node_name(to), text);
    else
        ds_judge_say(judge, DS_PASS, &tally.good_frames, "audio flowed along %s, both ways%s", text,
                     subject->bypass ? ", past the Mediation Server" : "");
}

static void one_media(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_road road;
    struct media_path path;
    char text[160];
    if (subject->row == NULL || !ds_subject_was_up(judge, subject))
        return;
    const char *column =
        subject->bypass ? subject->row->media_bypassed : subject->row->media_relayed;
    if (!ds_road_parse(column, subject->reading, &road))
        return;
    resolve(judge, subject, &road, &path);
    path_text(&path, text, sizeof text);
    judge_path(judge, subject, &path, text);
}

void ds_check_option_media(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call with audio", one_media);
}
