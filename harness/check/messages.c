#include "mail_internal.h"

#include <string.h>

/* Questions that many rules ask of a message. */

bool ds_event_is_on(const struct ds_event *event, const struct ds_hop_seen *hop)
{
    return event->leg == hop->leg &&
           ((ds_addr_same_ip(event->from, hop->from) && ds_addr_same_ip(event->to, hop->to)) ||
            (ds_addr_same_ip(event->from, hop->to) && ds_addr_same_ip(event->to, hop->from)));
}

bool ds_event_requests(const struct ds_event *event, const char *method)
{
    return ds_msg_is_request(event->msg) && ds_msg_method_is(event->msg, method);
}

bool ds_event_answers_invite(const struct ds_event *event, int low, int high)
{
    int status = ds_msg_status(event->msg);
    return !ds_msg_is_request(event->msg) && status >= low && status <= high &&
           ds_msg_method_is(event->msg, "INVITE");
}

bool ds_event_is_reinvite(const struct ds_event *event)
{
    return ds_event_requests(event, "INVITE") && ds_msg_to_tag(event->msg).len > 0;
}

const struct ds_event *ds_leg_request(const struct ds_leg *leg, size_t index)
{
    const struct ds_event *event = leg->events[index], *latest = NULL;
    while (index-- > 0) {
        const struct ds_event *request = leg->events[index];
        if (!ds_msg_is_request(request->msg) || !ds_addr_same_ip(request->from, event->to) ||
            !ds_addr_same_ip(request->to, event->from) ||
            ds_msg_cseq(request->msg) != ds_msg_cseq(event->msg) ||
            !ds_slice_equal(ds_msg_method(request->msg), ds_msg_method(event->msg)))
            continue;
        if (ds_slice_equal(ds_msg_branch(request->msg), ds_msg_branch(event->msg)))
            return request;
        latest = latest == NULL ? request : latest;
    }
    return latest;
}

const struct ds_event *ds_hop_response(const struct ds_hop_seen *hop, int low, int high)
{
    for (size_t i = 0; i < hop->leg->event_count; i++) {
        const struct ds_event *event = hop->leg->events[i];
        if (event->frame > hop->invite->frame && ds_event_answers_invite(event, low, high) &&
            ds_addr_same_ip(event->from, hop->to) &&
            ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(hop->invite->msg)))
            return event;
    }
    return NULL;
}

/* Its trunk's rules may have made of a refusal what is tried elsewhere: then it was told so. */
static bool was_tried_elsewhere(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    const struct ds_hop_seen *before = ds_hop_before(call, hop);
    bool may_be =
        hop->final != NULL && (ds_status_is_for_now(hop->final_status) ||
                               (before != NULL && ds_status_is_for_now(before->final_status)));
    for (size_t i = 0; may_be && i < call->hop_count; i++)
        if (call->hops[i].invite->frame > hop->final->frame &&
            ds_addr_same_ip(call->hops[i].from, hop->from))
            return true;
    return false;
}

bool ds_hop_was_left(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    bool cancelled = hop->final_status == 487 && hop->cancelled && call->outcome != DS_CANCELLED;
    bool in_vain = hop->final == NULL && call->ended_at >= 0 &&
                   call->ended_at - hop->invite->at >= DS_FAST_FAILOVER_US;
    return cancelled || in_vain || was_tried_elsewhere(call, hop) || ds_mail_was_left(call, hop);
}

bool ds_event_diagnoses(const struct ds_event *event, const char *id)
{
    struct ds_slice value;
    bool response = !ds_msg_is_request(event->msg);
    for (size_t n = 0; response && ds_msg_header(event->msg, "ms-diagnostics", n, &value); n++)
        if (ds_slice_starts(ds_slice_trim(value), ds_slice_of(id)))
            return true;
    return false;
}

const struct ds_event *ds_call_diagnosed(const struct ds_call *call, const char *id)
{
    for (size_t i = 0; i < call->event_count; i++)
        if (ds_event_diagnoses(call->events[i], id))
            return call->events[i];
    return NULL;
}

struct ds_slice ds_number_without_plus(struct ds_slice number)
{
    return ds_slice_starts(number, DS_LITERAL("+")) ? ds_slice_from(number, 1) : number;
}

struct ds_slice ds_event_user(const struct ds_event *event, const char *header)
{
    struct ds_slice value = ds_msg_request_uri(event->msg), params;
    struct ds_uri uri;
    if (header != NULL) {
        value = (struct ds_slice){NULL, 0};
        (void)ds_msg_header(event->msg, header, 0, &value);
        value = ds_value_uri(value, &params);
    }
    if (ds_uri_parse(value, &uri) != DS_OK)
        return (struct ds_slice){NULL, 0};
    bool tel = ds_slice_equal_nocase(uri.scheme, DS_LITERAL("tel"));
    return tel && uri.user.len == 0 ? uri.host : uri.user;
}

struct ds_slice ds_event_calling_number(const struct ds_event *invite)
{
    struct ds_slice value, params;
    for (size_t i = 0; ds_msg_value(invite->msg, "P-Asserted-Identity", i, &value); i++) {
        struct ds_slice uri = ds_value_uri(value, &params);
        if (ds_slice_starts_nocase(uri, DS_LITERAL("tel:")))
            return ds_slice_from(uri, 4);
    }
    return ds_event_user(invite, "From");
}

const struct ds_sdp_media *ds_event_audio(const struct ds_event *event)
{
    return event == NULL || event->sdp == NULL ? NULL : ds_sdp_audio(event->sdp);
}

struct ds_slice ds_slice_skip(struct ds_slice text, const char *set)
{
    size_t at = 0;
    while (at < text.len && text.at[at] != '\0' && strchr(set, text.at[at]) != NULL)
        at++;
    return ds_slice_from(text, at);
}
