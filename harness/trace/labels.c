#include "trace_internal.h"

#include <stdio.h>

struct ds_addr_text ds_trace_name(const struct ds_trace *trace, struct ds_addr addr)
{
    const struct ds_topo_node *node = trace->topo == NULL ? NULL : ds_topo_at(trace->topo, addr);
    struct ds_addr_text out = ds_addr_text(addr);
    if (node != NULL)
        snprintf(out.text, sizeof out.text, "%s", node->name);
    return out;
}

const char *ds_outcome_name(enum ds_outcome outcome)
{
    static const char *const names[] = {[DS_UNANSWERED] = "unanswered",
                                        [DS_ANSWERED] = "answered",
                                        [DS_REFUSED] = "refused",
                                        [DS_CANCELLED] = "cancelled"};
    return names[outcome];
}

static bool has_sdp(const struct ds_event *event)
{
    return event->sdp != NULL || event->gateway_sdp != NULL;
}

void ds_event_label(const struct ds_event *event, char *out, size_t size)
{
    const char *sdp = has_sdp(event) ? " SDP" : "";
    struct ds_slice method = ds_msg_method(event->msg);
    ds_assert(size > 0);
    if (!ds_msg_is_request(event->msg)) {
        int status = ds_msg_status(event->msg);
        if (ds_msg_method_is(event->msg, "INVITE"))
            snprintf(out, size, "%d%s", status, sdp);
        else
            snprintf(out, size, "%d%s (%.*s)", status, sdp, DS_FMT(method));
        return;
    }
    struct ds_slice user = {NULL, 0};
    if (ds_trace_is_invite(event))
        user = ds_trace_user(ds_msg_request_uri(event->msg));
    else if (ds_msg_method_is(event->msg, "REFER"))
        user = ds_trace_refer_target(event);
    snprintf(out, size, "%.*s%s%.*s%s", DS_FMT(method), user.len > 0 ? " " : "", DS_FMT(user), sdp);
}
