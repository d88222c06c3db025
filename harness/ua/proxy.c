#include "ua_internal.h"

#include <stdio.h>

#define DS_MAX_OWN_ROUTES 8

/* ---- one copy after the other, each a little different ---- */

/* Puts the changed copy in the place of the message; `rc` is what making it said. */
static ds_rc take(struct ds_msg **msg, ds_rc rc, struct ds_msg *changed)
{
    if (rc != DS_OK)
        return rc;
    ds_msg_unref(msg);
    *msg = changed;
    return DS_OK;
}

static ds_rc push(struct ds_msg **msg, const char *name, const char *value)
{
    struct ds_msg *changed = NULL;
    ds_rc rc = ds_msg_push(*msg, name, value, &changed);
    return take(msg, rc, changed);
}

static ds_rc set(struct ds_msg **msg, const char *name, const char *value)
{
    struct ds_msg *changed = NULL;
    ds_rc rc = ds_msg_set(*msg, name, value, &changed);
    return take(msg, rc, changed);
}

/* "Name: value"; a line without a value takes the header field off. */
static ds_rc set_line(struct ds_msg **msg, struct ds_slice line)
{
    struct ds_buf name = {.at = NULL}, value = {.at = NULL};
    struct ds_slice before, after = line;
    if (!ds_slice_cut(&after, ':', &before) || ds_slice_trim(before).len == 0)
        return DS_BAD;
    ds_buf_add(&name, ds_slice_trim(before));
    ds_buf_add(&value, ds_slice_trim(after));
    ds_rc rc = DS_NOMEM;
    if (!name.broken && !value.broken)
        rc = set(msg, name.at, value.len == 0 ? NULL : value.at);
    ds_buf_clean_up(&name);
    ds_buf_clean_up(&value);
    return rc;
}

static ds_rc set_lines(struct ds_msg **msg, const char *lines)
{
    struct ds_slice rest = ds_slice_of(lines), line;
    ds_rc rc = DS_OK;
    while (rc == DS_OK && ds_slice_cut(&rest, '\n', &line)) {
        if (ds_slice_trim(line).len > 0)
            rc = set_line(msg, line);
    }
    return rc;
}

/* ---- what RFC 3261 16 asks of every request ---- */

/* How many hops are left for the next element; -1: none, not even for this one. */
static int hops_left(const struct ds_msg *msg)
{
    uint64_t hops;
    return ds_msg_max_forwards(msg, &hops) ? (int)hops - 1 : DS_MAX_FORWARDS;
}

/* What is wrong with its way so far; 0: nothing. */
static int refusal_of(const struct ds_msg *request, uint64_t mark)
{
    if (hops_left(request) < 0)
        return 483;
    return ds_loop_is_closed(mark, request) ? 482 : 0;
}

static bool is_ours(const struct ds_ua *ua, struct ds_slice route)
{
    struct ds_slice params;
    struct ds_uri uri;
    struct ds_hop hop;
    struct ds_slice text = ds_value_uri(route, &params);
    if (ds_uri_parse(text, &uri) != DS_OK)
        return false;
    return ds_slice_equal_nocase(uri.host, ds_slice_of(ua->at_text.text)) ||
           ds_slice_equal_nocase(uri.host, ds_slice_of(ua->options.fqdn)) ||
           (ds_ua_resolve(ua, text, &hop) && ds_addr_same_ip(hop.to, ua->options.at));
}

/* We may stand in the route set twice, once for each side. */
static ds_rc take_own_routes_off(const struct ds_ua *ua, struct ds_msg **msg)
{
    struct ds_slice route;
    ds_rc rc = DS_OK;
    for (int i = 0; rc == DS_OK && i < DS_MAX_OWN_ROUTES; i++) {
        struct ds_msg *changed = NULL;
        if (!ds_msg_value(*msg, "Route", 0, &route) || !is_ours(ua, route))
            break;
        rc = ds_msg_pop(*msg, "Route", &changed);
        rc = take(msg, rc, changed);
    }
    return rc;
}

static ds_rc count_hop(struct ds_msg **msg)
{
    char left[12];
    snprintf(left, sizeof left, "%d", hops_left(*msg));
    return set(msg, "Max-Forwards", left);
}

static ds_rc
push_via(struct ds_ua *ua, const struct ds_hop *hop, uint64_t mark, struct ds_msg **msg)
{
    char via[DS_VIA_SIZE];
    ds_sip_via(ua->sip, hop, via, sizeof via);
    ds_loop_sign(mark, via);
    return push(msg, "Via", via);
}

static ds_rc
rewrite(struct ds_ua *ua, const struct ds_proxying *how, uint64_t mark, struct ds_msg **msg)
{
    struct ds_msg *changed = NULL;
    ds_rc rc = count_hop(msg);
    if (rc == DS_OK)
        rc = take_own_routes_off(ua, msg);
    if (rc == DS_OK && how->request_uri != NULL) {
        rc = ds_msg_retarget(*msg, ds_slice_of(how->request_uri), &changed);
        rc = take(msg, rc, changed);
    }
    if (rc == DS_OK && how->record_route != NULL)
        rc = push(msg, "Record-Route", how->record_route);
    if (rc == DS_OK)
        rc = set_lines(msg, how->extra_headers);
    return rc == DS_OK ? push_via(ua, &how->hop, mark, msg) : rc;
}

static ds_rc explain(struct ds_why *why, ds_rc rc)
{
    return rc == DS_NOMEM ? ds_fail_memory(why)
                          : ds_fail(why, rc, "a request cannot be rewritten for forwarding");
}

/* ---- forwarding ---- */

ds_rc ds_proxy_forward(struct ds_ua *ua,
                       struct ds_server_txn *txn,
                       const struct ds_proxying *how,
                       const struct ds_proxy_events *events,
                       void *owner,
                       struct ds_why *why)
{
    struct ds_fork *fork = NULL;
    DS_CHECK(ua, DS_UA_MAGIC);
    const struct ds_msg *request = ds_server_txn_request(txn);
    uint64_t mark = ds_loop_mark(ua, request);
    int refusal = refusal_of(request, mark);
    if (refusal != 0) {
        ds_ua_reply(ua, txn, refusal, NULL);
        if (events != NULL && events->over != NULL)
            events->over(owner);
        return DS_OK;
    }
    struct ds_msg *msg = ds_msg_ref(request);
    ds_rc rc = rewrite(ua, how, mark, &msg);
    if (rc != DS_OK)
        rc = explain(why, rc);
    else if (ds_fork_of(ua, txn, &fork) != DS_OK)
        rc = ds_fail_memory(why);
    else
        rc = ds_fork_add(fork, msg, &how->hop, events, owner, why);
    ds_msg_unref(&msg);
    return rc;
}

static ds_rc
find_way(const struct ds_ua *ua, const struct ds_msg *msg, struct ds_hop *out, struct ds_why *why)
{
    struct ds_slice next = ds_msg_request_uri(msg), route, params;
    struct ds_msg *routed = ds_msg_ref(msg);
    ds_rc rc = take_own_routes_off(ua, &routed);
    if (rc != DS_OK)
        rc = explain(why, rc);
    else if (ds_msg_value(routed, "Route", 0, &route))
        next = ds_value_uri(route, &params);
    if (rc == DS_OK && !ds_ua_resolve(ua, next, out))
        rc = ds_fail(why, DS_GONE, "'%.*s' leads nowhere: no element of the topology has that name",
                     DS_FMT(next));
    ds_msg_unref(&routed);
    return rc;
}

/* The ACK of a 2xx is nobody's transaction: passed on once, and no more. */
static ds_rc pass_ack(struct ds_ua *ua,
                      const struct ds_msg *ack,
                      const struct ds_proxying *how,
                      struct ds_why *why)
{
    if (hops_left(ack) < 0)
        return DS_OK;
    struct ds_msg *msg = ds_msg_ref(ack);
    ds_rc rc = rewrite(ua, how, ds_loop_mark(ua, ack), &msg);
    if (rc != DS_OK)
        rc = explain(why, rc);
    else if (ds_sip_send(ua->sip, msg, &how->hop) != DS_OK)
        rc = ds_fail(why, DS_IO, "the ACK could not be sent to %s", ds_addr_text(how->hop.to).text);
    ds_msg_unref(&msg);
    return rc;
}

ds_rc ds_proxy_forward_in_dialog(struct ds_ua *ua,
                                 struct ds_server_txn *txn,
                                 const struct ds_msg *msg,
                                 struct ds_why *why)
{
    struct ds_proxying how = {.request_uri = NULL};
    DS_CHECK(ua, DS_UA_MAGIC);
    ds_rc rc = find_way(ua, msg, &how.hop, why);
    if (rc != DS_OK)
        return rc;
    return txn == NULL ? pass_ack(ua, msg, &how, why)
                       : ds_proxy_forward(ua, txn, &how, NULL, NULL, why);
}
