#include "check_internal.h"

/* WIRE-09, WIRE-10: what a proxy may change in a request. That one was passed on is told by its
 * Vias: below its own the proxy keeps those that the request came with. */

struct passing {
    const struct ds_event *in, *out;
};

static bool is_origin(const struct ds_event *in, const struct ds_event *out, struct ds_slice branch)
{
    return ds_msg_is_request(in->msg) && ds_addr_same_ip(in->to, out->from) &&
           ds_slice_equal(ds_msg_branch(in->msg), branch) &&
           ds_slice_equal(ds_msg_method(in->msg), ds_msg_method(out->msg));
}

/* How this request came to the element that passes it on; false: it is that element's own, or the
 * capture does not show. */
static bool passed_on(const struct ds_trace *trace, const struct ds_event *out, struct passing *it)
{
    struct ds_slice via, params, branch;
    if (!ds_msg_is_request(out->msg) || !ds_msg_value(out->msg, "Via", 1, &via))
        return false;
    struct ds_slice rest = via;
    ds_slice_cut(&rest, ';', &params);
    params = (struct ds_slice){rest.at == NULL ? NULL : rest.at - 1, rest.len + 1};
    if (rest.at == NULL || !ds_param(params, "branch", &branch))
        return false;
    for (size_t i = (size_t)(out - trace->events); i-- > 0;)
        if (is_origin(&trace->events[i], out, branch)) {
            *it = (struct passing){&trace->events[i], out};
            return true;
        }
    return false;
}

static void blame(const struct passing *it,
                  const struct ds_judge *judge,
                  const char *what,
                  struct ds_tally *tally)
{
    ds_evidence_add(&tally->bad_frames, it->in->frame);
    ds_tally_bad(tally, it->out->frame, "%s passes the %.*s of frame %u on in frame %u with %s",
                 ds_trace_name(judge->trace, it->out->from).text,
                 DS_FMT(ds_msg_method(it->out->msg)), it->in->frame, it->out->frame, what);
}

/* ---- WIRE-09 ---- */

static const char *changed(const struct ds_msg *in, const struct ds_msg *out)
{
    if (!ds_slice_equal(ds_msg_call_id(in), ds_msg_call_id(out)))
        return "another Call-ID";
    if (!ds_slice_equal(ds_msg_from_tag(in), ds_msg_from_tag(out)))
        return "another From tag";
    if (!ds_slice_equal(ds_msg_to_tag(in), ds_msg_to_tag(out)))
        return "another To tag";
    if (ds_msg_cseq(in) != ds_msg_cseq(out))
        return "another CSeq number";
    if (!ds_slice_equal(ds_msg_body(in), ds_msg_body(out)))
        return "another body";
    return NULL;
}

static void keeps(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    struct passing it;
    if (!passed_on(judge->trace, event, &it))
        return;
    const char *what = changed(it.in->msg, it.out->msg);
    if (what == NULL)
        ds_tally_good(tally, event->frame);
    else
        blame(&it, judge, what, tally);
}

void ds_check_proxy_keeps(struct ds_judge *judge)
{
    ds_judge_messages(judge, "request that a proxy passes on", "requests passed on as they came",
                      keeps);
}

/* ---- WIRE-10 ---- */

static void lowers(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    struct passing it;
    uint64_t before, after;
    if (!passed_on(judge->trace, event, &it) || !ds_msg_max_forwards(it.in->msg, &before) ||
        !ds_msg_max_forwards(it.out->msg, &after))
        return;
    if (after + 1 == before)
        ds_tally_good(tally, event->frame);
    else
        blame(&it, judge, "a Max-Forwards that is not one less", tally);
}

void ds_check_proxy_lowers(struct ds_judge *judge)
{
    ds_judge_messages(judge, "request that a proxy passes on",
                      "requests passed on with one less in Max-Forwards", lowers);
}
