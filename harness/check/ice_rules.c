#include "check_internal.h"

#include <stdlib.h>
#include <string.h>

/* ICE: what a client outside offers, and over which pairs audio may flow. */

#define BINDING 0x001

/* ---- ICE-01 ---- */

static bool has_relayed(const struct ds_sdp_media *audio)
{
    struct ds_candidate candidate;
    for (size_t i = 0; ds_sdp_candidate(audio, i, &candidate); i++)
        if (candidate.kind == DS_CANDIDATE_RELAYED)
            return true;
    return false;
}

static void
relayed_candidate(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    bool sees_edge = ds_topo_av_edge(judge->topo) != NULL;
    if (!sees_edge || !ds_is_external(event->from_node) || audio == NULL)
        return;
    /* An answer to who knows no ICE has no candidates either. */
    if (!ds_msg_is_request(event->msg) && audio->ice_ufrag.len == 0)
        return;
    if (has_relayed(audio))
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame,
                     "%s, outside, tells no relayed candidate in frame %u: nobody inside reaches "
                     "it",
                     event->from_node->name, event->frame);
}

void ds_check_relayed_candidate(struct ds_judge *judge)
{
    ds_judge_messages(judge, "description of a client outside",
                      "descriptions of clients outside, with a relayed candidate",
                      relayed_candidate);
}

/* ---- checks, found by their two ends ---- */

struct ds_checks {
    const struct ds_stun_seen **sorted;
    size_t count;
};

static int compare_ends(const struct ds_stun_seen *seen, struct ds_addr from, struct ds_addr to)
{
    int order = memcmp(&seen->from, &from, sizeof from);
    return order != 0 ? order : memcmp(&seen->to, &to, sizeof to);
}

static int by_ends(const void *a, const void *b)
{
    const struct ds_stun_seen *one = *(const struct ds_stun_seen *const *)a;
    const struct ds_stun_seen *other = *(const struct ds_stun_seen *const *)b;
    int order = compare_ends(one, other->from, other->to);
    return order != 0 ? order : (one->frame > other->frame) - (one->frame < other->frame);
}

static bool collect(struct ds_judge *judge, struct ds_checks *checks)
{
    const struct ds_trace *trace = judge->trace;
    *checks = (struct ds_checks){.count = 0};
    checks->sorted = ds_arena_alloc(judge->findings->arena,
                                    (trace->stun_count + 1) * sizeof(struct ds_stun_seen *));
    if (checks->sorted == NULL) {
        judge->out_of_memory = true;
        return false;
    }
    for (size_t i = 0; i < trace->stun_count; i++)
        if (trace->stuns[i].method == BINDING)
            checks->sorted[checks->count++] = &trace->stuns[i];
    qsort(checks->sorted, checks->count, sizeof(struct ds_stun_seen *), by_ends);
    return true;
}

/* The first of those between two ends, one way, in order of frames. */
static size_t first_between(const struct ds_checks *checks, struct ds_addr from, struct ds_addr to)
{
    size_t low = 0, high = checks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_ends(checks->sorted[middle], from, to) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Was one seen, one way and before that frame, of this kind (and, of requests, one that nominates)?
 */
static bool is_seen(const struct ds_checks *checks,
                    struct ds_addr from,
                    struct ds_addr to,
                    enum ds_stun_seen_kind kind,
                    uint32_t before)
{
    for (size_t i = first_between(checks, from, to);
         i < checks->count && compare_ends(checks->sorted[i], from, to) == 0; i++) {
        const struct ds_stun_seen *seen = checks->sorted[i];
        if (seen->frame >= before)
            return false;
        if (seen->kind == kind && (kind != DS_SEEN_REQUEST || seen->nominates))
            return true;
    }
    return false;
}

/* ---- ICE-02, ICE-03 ---- */

/* Between a client and its own relayed address there is a TURN server, and nothing to check. */
static bool is_to_server(const struct ds_judge *judge, const struct ds_flow *flow)
{
    const struct ds_topo_node *edge = ds_topo_av_edge(judge->topo);
    bool from_edge = flow->from_node == edge, to_edge = flow->to_node == edge;
    return edge != NULL && from_edge != to_edge &&
           ds_is_external(from_edge ? flow->to_node : flow->from_node);
}

static bool knows_ice(const struct ds_event *said)
{
    const struct ds_sdp_media *audio = ds_event_audio(said);
    return audio != NULL && audio->ice_ufrag.len > 0;
}

static bool is_lite(const struct ds_event *said)
{
    const struct ds_sdp_media *audio = ds_event_audio(said);
    return audio != NULL && audio->ice_lite;
}

typedef void
ice_flow_fn(const struct ds_checks *checks, const struct ds_flow *flow, struct ds_tally *tally);

static void judge_flows(struct ds_judge *judge, const char *good, ice_flow_fn *rule)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally tally = {0};
    struct ds_checks checks;
    judge->sought = "audio between two ends with ICE";
    if (!collect(judge, &checks))
        return;
    for (size_t i = 0; i < trace->flow_count; i++) {
        const struct ds_flow *flow = &trace->flows[i];
        if (knows_ice(flow->announced_from) && knows_ice(flow->announced_to) &&
            !is_to_server(judge, flow))
            rule(&checks, flow, &tally);
    }
    ds_judge_tally_seen(judge, &tally, good);
}

/* A check of the sender's own was answered; who is lite makes none, and answers the peer's. */
static void
checked(const struct ds_checks *checks, const struct ds_flow *flow, struct ds_tally *tally)
{
    char text[200];
    bool lite = is_lite(flow->announced_from);
    struct ds_addr from = lite ? flow->from : flow->to, to = lite ? flow->to : flow->from;
    ds_flow_text(flow, text, sizeof text);
    if (is_seen(checks, from, to, DS_SEEN_SUCCESS, flow->first_frame))
        ds_tally_good(tally, flow->first_frame);
    else
        ds_tally_bad(tally, flow->first_frame, "no connectivity check came before %s", text);
}

void ds_check_pair_checked(struct ds_judge *judge)
{
    judge_flows(judge, "flows of audio over pairs that a check had shown to work", checked);
}

static void
nominated(const struct ds_checks *checks, const struct ds_flow *flow, struct ds_tally *tally)
{
    char text[200];
    ds_flow_text(flow, text, sizeof text);
    if (is_seen(checks, flow->from, flow->to, DS_SEEN_REQUEST, flow->first_frame) ||
        is_seen(checks, flow->to, flow->from, DS_SEEN_REQUEST, flow->first_frame))
        ds_tally_good(tally, flow->first_frame);
    else
        ds_tally_bad(tally, flow->first_frame, "nobody had nominated the pair of %s", text);
}

void ds_check_pair_nominated(struct ds_judge *judge)
{
    judge_flows(judge, "flows of audio over nominated pairs", nominated);
}
