#include "subscription_internal.h"
#include "ua_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ds_ua_note(const struct ds_ua *ua, const char *fmt, ...)
{
    char line[320];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    ds_log_write(ua->options.log, ds_now(ua->clock), 2, ua->options.name, "%s", line);
}

const char *ds_ua_host(const struct ds_ua *ua)
{
    return ua->options.fqdn != NULL ? ua->options.fqdn : ua->at_text.text;
}

bool ds_ua_resolve(const struct ds_ua *ua, struct ds_slice uri, struct ds_hop *out)
{
    struct ds_uri parsed;
    return ua->options.resolve != NULL && ds_uri_parse(uri, &parsed) == DS_OK &&
           ua->options.resolve(ua->options.resolve_owner, &parsed, out);
}

void ds_ua_start_timer(struct ds_ua *ua, struct ds_timer *timer, ds_us delay, ds_timer_fn *fire)
{
    timer->whose = ds_addr_ip4(&ua->options.at);
    if (ds_timer_start(ua->clock, timer, delay, fire) != DS_OK)
        ds_ua_note(ua, "out of memory: a timer could not be started");
}

/* ---- requests as they come ---- */

/* Whether the role wants it; what it does not want is answered by the rules of RFC 3261 8.2.1 and
 * 11.2. */
static void outside(struct ds_ua *ua,
                    struct ds_server_txn *txn,
                    const struct ds_msg *msg,
                    const struct ds_hop *from)
{
    if (ua->events.request != NULL && ua->events.request(ua->owner, txn, msg, from))
        return;
    if (txn != NULL)
        ds_ua_reply(ua, txn, ds_msg_method_is(msg, "OPTIONS") ? 200 : 405,
                    "Allow: " DS_ALLOW "\r\n");
}

/* The methods that a session deals with; everything else inside a dialog is the role's. */
static bool is_for_a_session(const struct ds_msg *msg)
{
    static const char *const methods[] = {"INVITE", "ACK",     "BYE", "PRACK",
                                          "UPDATE", "OPTIONS", "INFO"};
    for (size_t i = 0; i < DS_COUNT(methods); i++) {
        if (ds_msg_method_is(msg, methods[i]))
            return true;
    }
    return false;
}

static void on_request(void *owner,
                       struct ds_server_txn *txn,
                       const struct ds_msg *msg,
                       const struct ds_hop *from)
{
    struct ds_ua *ua = owner;
    bool inside = ds_msg_to_tag(msg).len > 0;
    struct ds_session *session = inside ? ds_session_find(ua, msg) : NULL;
    bool is_proxy = ua->events.invite == NULL;
    bool may_open = session == NULL && txn != NULL && !is_proxy;
    if (session != NULL && (is_for_a_session(msg) || ds_ask_wanted(session)))
        ds_uas_request(session, txn, msg);
    else if (may_open && inside && ds_subscription_take(ua, txn, msg))
        return;
    else if (may_open && inside)
        ds_ua_reply(ua, txn, 481, NULL);
    else if (may_open && ds_msg_method_is(msg, "INVITE"))
        ds_uas_invite(ua, txn, msg, from);
    else
        outside(ua, txn, msg, from);
}

static void on_stray(void *owner, const struct ds_msg *msg)
{
    struct ds_ua *ua = owner;
    int status = ds_msg_status(msg);
    if (status < 200 || status > 299 || !ds_msg_method_is(msg, "INVITE"))
        return;
    struct ds_session *session = ds_session_find_caller(ua, msg);
    if (session != NULL)
        ds_uac_repeat_ack(session, msg);
}

/* ---- life ---- */

static ds_rc open_sip(struct ds_ua *ua, struct ds_why *why)
{
    static const struct ds_sip_events events = {.request = on_request, .stray = on_stray};
    const struct ds_sip_options options = {
        .net = ua->options.net,
        .rng = ua->options.rng,
        .log = ua->options.log,
        .name = ua->options.name,
        .at = ua->options.at,
        .tls = ua->options.tls,
        .judged = ua->options.judged,
        .sent_by = ds_ua_host(ua),
        .accept_any_name = ua->options.accept_any_name,
        .events = &events,
        .owner = ua,
    };
    return ds_sip_new(&options, &ua->sip, why);
}

ds_rc ds_ua_new(const struct ds_ua_options *options,
                const struct ds_ua_events *events,
                void *owner,
                struct ds_ua **out,
                struct ds_why *why)
{
    ds_assert(options->net != NULL && options->rng != NULL && options->name != NULL);
    struct ds_ua *ua = calloc(1, sizeof *ua);
    if (ua == NULL)
        return ds_fail_memory(why);
    ua->magic = DS_UA_MAGIC;
    ua->options = *options;
    ua->events = *events;
    ua->owner = owner;
    ua->at_text = ds_addr_ip_text(options->at);
    ua->clock = ds_net_clock(options->net);
    for (size_t i = 0; i < DS_SESSION_SLOTS; i++)
        ds_list_init(&ua->sessions[i]);
    ds_list_init(&ua->forgotten);
    ds_list_init(&ua->forks);
    ds_list_init(&ua->plain_requests);
    ds_list_init(&ua->subscriptions);
    ua->tag_salt = ds_rng_next(options->rng);
    ds_rng_token(options->rng, ua->register_call_id, sizeof ua->register_call_id);
    ds_rc rc = open_sip(ua, why);
    if (rc != DS_OK)
        goto fail;
    *out = ua;
    return DS_OK;
fail:
    free(ua);
    return rc;
}

void ds_ua_free(struct ds_ua **ua)
{
    if (*ua == NULL)
        return;
    DS_CHECK(*ua, DS_UA_MAGIC);
    for (size_t i = 0; i < DS_SESSION_SLOTS; i++)
        ds_assert(ds_list_empty(&(*ua)->sessions[i]));
    ds_assert(ds_list_empty(&(*ua)->subscriptions));
    ds_sessions_clean_up(*ua);
    ds_forks_clean_up(*ua);
    ds_plain_requests_clean_up(*ua);
    ds_sip_free(&(*ua)->sip);
    (*ua)->magic = 0;
    free(*ua);
    *ua = NULL;
}

struct ds_sip *ds_ua_sip(const struct ds_ua *ua)
{
    DS_CHECK(ua, DS_UA_MAGIC);
    return ua->sip;
}

/* ---- what every message of this element says ---- */

/* Host and port are those of a Via towards the same hop, so that both name one listening point. */
void ds_ua_write_contact(struct ds_ua *ua,
                         const struct ds_hop *hop,
                         struct ds_slice local,
                         struct ds_draft *draft)
{
    static const char *const transports[] = {
        [DS_UDP] = "", [DS_TCP] = ";transport=tcp", [DS_TLS] = ";transport=tls"};
    char via[DS_VIA_SIZE];
    struct ds_uri uri = {.port = 0};
    struct ds_slice params, protocol, sent_by = {NULL, 0};
    ds_sip_via(ua->sip, hop, via, sizeof via);
    struct ds_slice rest = ds_slice_of(via);
    ds_slice_cut(&rest, ' ', &protocol);
    ds_slice_cut(&rest, ';', &sent_by);
    if (ds_uri_parse(ds_value_uri(local, &params), &uri) != DS_OK)
        uri.user.len = 0;
    ds_draft_header(draft, "Contact", "<sip:%.*s%s%.*s%s>", DS_FMT(uri.user),
                    uri.user.len > 0 ? "@" : "", DS_FMT(sent_by), transports[hop->transport]);
}

void ds_ua_write_signature(const struct ds_ua *ua,
                           const char *extra_headers,
                           struct ds_draft *draft)
{
    if (ua->options.user_agent != NULL)
        ds_draft_header(draft, "User-Agent", "%s", ua->options.user_agent);
    ds_buf_text(&draft->text, extra_headers);
}

/* Two responses to one request carry the same To tag, though nobody remembers the first. */
static void reply_tag(const struct ds_ua *ua, const struct ds_msg *request, char tag[DS_TAG_SIZE])
{
    snprintf(tag, DS_TAG_SIZE, "%016llx",
             (unsigned long long)(ds_hash(ds_msg_branch(request)) ^ ua->tag_salt));
}

void ds_ua_reply(struct ds_ua *ua, struct ds_server_txn *txn, int status, const char *headers)
{
    DS_CHECK(ua, DS_UA_MAGIC);
    char tag[DS_TAG_SIZE];
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *response = NULL;
    struct ds_why why;
    const struct ds_msg *request = ds_server_txn_request(txn);
    reply_tag(ua, request, tag);
    ds_draft_response(&draft, request, status, status == 100 ? NULL : tag);
    ds_ua_write_signature(ua, headers, &draft);
    if (ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &response, &why) != DS_OK) {
        ds_ua_note(ua, "cannot answer %d: %s", status, why.text);
        return;
    }
    if (status >= 200)
        ds_fork_answered(ua, txn);
    ds_server_txn_reply(txn, response);
    ds_msg_unref(&response);
}
