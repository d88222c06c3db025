#include "registration_internal.h"

#define SLACK_US INT64_C(1000000)

bool ds_event_takes_registration(const struct ds_event *event)
{
    return ds_msg_status(event->msg) == 200 && ds_msg_method_is(event->msg, "REGISTER");
}

int64_t ds_event_expires_us(const struct ds_event *event, struct ds_slice params)
{
    struct ds_slice text;
    uint64_t seconds = 0;
    bool told =
        ds_param(params, "expires", &text) || ds_msg_header(event->msg, "Expires", 0, &text);
    bool read = told && ds_slice_number(ds_slice_trim(text), UINT32_MAX, &seconds) == DS_OK;
    return read ? (int64_t)seconds * INT64_C(1000000) : -1;
}

bool ds_event_signs_out(const struct ds_event *request)
{
    struct ds_slice contact, params = {NULL, 0};
    if (ds_msg_value(request->msg, "Contact", 0, &contact))
        (void)ds_value_uri(contact, &params);
    return ds_event_expires_us(request, params) == 0;
}

struct ds_slice ds_event_contact(const struct ds_event *event)
{
    struct ds_slice contact, params;
    return ds_msg_value(event->msg, "Contact", 0, &contact) ? ds_value_uri(contact, &params)
                                                            : (struct ds_slice){NULL, 0};
}

bool ds_is_same_device(struct ds_slice one, struct ds_slice other)
{
    struct ds_uri a, b;
    return ds_uri_parse(one, &a) == DS_OK && ds_uri_parse(other, &b) == DS_OK &&
           ds_slice_equal(a.user, b.user) && ds_slice_equal_nocase(a.host, b.host);
}

int64_t ds_registration_until(const struct ds_event *answer, struct ds_slice device)
{
    struct ds_slice contact, params;
    for (size_t i = 0; ds_msg_value(answer->msg, "Contact", i, &contact); i++) {
        if (!ds_is_same_device(ds_value_uri(contact, &params), device))
            continue;
        int64_t lasts = ds_event_expires_us(answer, params);
        return lasts < 0 ? INT64_MAX : answer->at + lasts;
    }
    return answer->at;
}

/* ---- what a pool knows ---- */

/* How many of the messages outside calls are before that one. */
static size_t count_before(const struct ds_judge *judge, const struct ds_event *event)
{
    size_t low = 0, high = judge->outside_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (judge->outside[middle]->frame < event->frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct ds_topo_node *pool_of(const struct ds_event *event)
{
    return ds_is_role(event->from_node, DS_ROLE_POOL) ? event->from_node : event->to_node;
}

/* The 200 to that REGISTER, before that end; NULL: it was not taken. */
static const struct ds_event *taken(const struct ds_judge *judge, size_t at, size_t end)
{
    const struct ds_event *request = judge->outside[at];
    for (; at < end; at++) {
        const struct ds_event *event = judge->outside[at];
        if (event->from_node == request->to_node && ds_event_takes_registration(event) &&
            ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(request->msg)))
            return event;
    }
    return NULL;
}

struct ds_registration_seen ds_registration_before(const struct ds_judge *judge,
                                                   const struct ds_event *event,
                                                   struct ds_slice device)
{
    const struct ds_topo_node *pool = pool_of(event);
    size_t end = count_before(judge, event);
    for (size_t i = end; i-- > 0;) {
        const struct ds_event *request = judge->outside[i], *answer;
        if (request->to_node != pool || !ds_event_requests(request, "REGISTER") ||
            !ds_is_same_device(ds_event_contact(request), device) ||
            (answer = taken(judge, i, end)) == NULL)
            continue;
        bool lapsed = event->at - SLACK_US > ds_registration_until(answer, device);
        return (struct ds_registration_seen){.answer = answer,
                                             .is_over = ds_event_signs_out(request) || lapsed};
    }
    return (struct ds_registration_seen){NULL, false};
}

bool ds_is_signed_in_nowhere(const struct ds_judge *judge,
                             const struct ds_event *invite,
                             const struct ds_topo_node *user)
{
    bool was_somewhere = false;
    for (size_t i = count_before(judge, invite); i-- > 0;) {
        const struct ds_event *request = judge->outside[i];
        if (request->to_node != pool_of(invite) || !ds_event_requests(request, "REGISTER") ||
            !ds_slice_equal(ds_event_user(request, "To"), ds_slice_of(user->name)))
            continue;
        const struct ds_registration_seen seen =
            ds_registration_before(judge, invite, ds_event_contact(request));
        if (seen.answer != NULL && !seen.is_over)
            return false;
        was_somewhere |= seen.answer != NULL;
    }
    return was_somewhere;
}
