#include "check_internal.h"

#include <string.h>

/* What an A/V Edge gives out, to whom, and what it passes on. */

#define ALLOCATE      0x003
#define TURN_PORT     3478
#define FIRST_RELAYED 50000
#define LAST_RELAYED  59999

static bool gives_out(const struct ds_stun_seen *seen)
{
    return seen->method == ALLOCATE && seen->kind == DS_SEEN_SUCCESS && seen->relayed.port != 0;
}

bool ds_judge_is_relay_leg(const struct ds_judge *judge, const struct ds_flow *flow)
{
    const struct ds_trace *trace = judge->trace;
    for (size_t i = 0; i < trace->stun_count; i++) {
        const struct ds_stun_seen *seen = &trace->stuns[i];
        if (gives_out(seen) &&
            ((ds_addr_equal(seen->to, flow->from) && ds_addr_equal(seen->relayed, flow->to)) ||
             (ds_addr_equal(seen->to, flow->to) && ds_addr_equal(seen->relayed, flow->from))))
            return true;
    }
    return false;
}

/* ---- MED-15 ---- */

void ds_check_edge_ports(struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally tally = {0};
    judge->sought = "relayed address of an A/V Edge";
    for (size_t i = 0; i < trace->stun_count; i++) {
        const struct ds_stun_seen *seen = &trace->stuns[i];
        if (!gives_out(seen))
            continue;
        bool in_range = seen->relayed.port >= FIRST_RELAYED && seen->relayed.port <= LAST_RELAYED;
        if (seen->from.port == TURN_PORT && in_range)
            ds_tally_good(&tally, seen->frame);
        else
            ds_tally_bad(&tally, seen->frame, "%s gives out %s at port %u in frame %u",
                         ds_trace_name(trace, seen->from).text, ds_addr_text(seen->relayed).text,
                         seen->from.port, seen->frame);
    }
    ds_judge_tally(judge, &tally, "relayed addresses in 50000-59999, given out at port 3478");
}

/* ---- TURN-01 ---- */

static const struct ds_stun_seen *answered_request(const struct ds_trace *trace, size_t answer)
{
    const struct ds_stun_seen *given = &trace->stuns[answer];
    for (size_t i = answer; i > 0; i--) {
        const struct ds_stun_seen *seen = &trace->stuns[i - 1];
        if (seen->kind == DS_SEEN_REQUEST && seen->method == given->method &&
            ds_addr_equal(seen->from, given->to) &&
            memcmp(seen->id, given->id, sizeof seen->id) == 0)
            return seen;
    }
    return NULL;
}

void ds_check_edge_credentials(struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally tally = {0};
    judge->sought = "relayed address given to a request that was captured";
    for (size_t i = 0; i < trace->stun_count; i++) {
        const struct ds_stun_seen *request =
            gives_out(&trace->stuns[i]) ? answered_request(trace, i) : NULL;
        if (request == NULL)
            continue;
        if (request->is_signed)
            ds_tally_good(&tally, trace->stuns[i].frame);
        else
            ds_tally_bad(&tally, trace->stuns[i].frame,
                         "%s gets %s for the Allocate of frame %u, which shows no credentials",
                         ds_trace_name(trace, request->from).text,
                         ds_addr_text(trace->stuns[i].relayed).text, request->frame);
    }
    ds_judge_tally(judge, &tally, "relayed addresses given to who had shown credentials");
}

/* ---- TURN-02 ---- */

void ds_check_edge_permission(struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally tally = {0};
    judge->sought = "message that a TURN server passed on";
    for (size_t i = 0; i < trace->stun_count; i++) {
        const struct ds_stun_seen *seen = &trace->stuns[i];
        if (seen->kind == DS_SEEN_UNASKED)
            ds_tally_bad(&tally, seen->frame,
                         "%s passes on in frame %u what %s sent, for whom %s has given no "
                         "permission",
                         ds_trace_name(trace, seen->from).text, seen->frame,
                         ds_trace_name(trace, seen->relayed).text,
                         ds_trace_name(trace, seen->to).text);
        else if (seen->inside)
            ds_tally_good(&tally, seen->frame);
    }
    ds_judge_tally_seen(judge, &tally,
                        "messages passed on by a TURN server, each with a permission");
}
