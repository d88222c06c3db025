#include "proxy.h"
#include "world.h"

#include <stdio.h>

/* "127.0.0.11" and "b.contoso.example" are both b; the uri's transport counts. */
static bool resolve(void *owner, const struct ds_uri *uri, struct ds_hop *out)
{
    struct party *party = owner;
    struct ds_addr addr;
    struct ds_slice transport;
    bool is_name = uri->host.len > 2 && uri->host.at[1] == '.';
    if (!is_name && ds_addr_parse_ip(uri->host, &addr) != DS_OK)
        return false;
    *out = world_hop(party->world, is_name ? uri->host.at[0] : world_name(addr));
    if (ds_param(uri->params, "transport", &transport))
        assert_true(ds_slice_equal_nocase(transport,
                                          ds_slice_of(ds_transport_name(party->world->transport))));
    if (uri->port != 0)
        out->to.port = uri->port;
    return true;
}

/* ---- what a party is told ---- */

void party_tell(struct party *party, const char *fmt, ...)
{
    char line[128];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    ds_buf_print(&party->world->told, "%c %s\n", party->name, line);
}

static void forget_session(struct party *party)
{
    if (!party->keeps_its_session)
        ds_session_free(&party->session);
}

static const char *sdp_mark(const struct ds_msg *msg)
{
    return msg != NULL && ds_msg_body(msg).len > 0 ? " sdp" : "";
}

static void on_progress(void *owner, const struct ds_msg *msg)
{
    party_tell(owner, "progress %d%s", ds_msg_status(msg), sdp_mark(msg));
}

static void on_answered(void *owner, const struct ds_msg *msg)
{
    struct party *party = owner;
    party_tell(party, "answered %d%s", ds_msg_status(msg), sdp_mark(msg));
    if (party->hangs_up_when_answered)
        ds_session_hang_up(party->session, "Q.850;cause=16");
    if (party->frees_when_answered)
        ds_session_free(&party->session);
}

static void on_refused(void *owner, int status, const struct ds_msg *msg)
{
    party_tell(owner, "refused %d%s", status, msg == NULL ? " by itself" : "");
    forget_session(owner);
}

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    assert_true(ds_msg_method_is(cancel, "CANCEL"));
    party_tell(owner, "cancelled");
    forget_session(owner);
}

static void on_confirmed(void *owner, const struct ds_msg *ack)
{
    party_tell(owner, "confirmed%s", sdp_mark(ack));
}

static void on_offer(void *owner, const struct ds_msg *msg)
{
    struct party *party = owner;
    const struct ds_content content = sdp_content();
    party_tell(party, "offer by %.*s%s", DS_FMT(ds_msg_method(msg)), sdp_mark(msg));
    if (!party->leaves_offers_open)
        ds_session_answer_offer(party->session, 200, &content);
}

static void on_offer_done(void *owner, int status, const struct ds_msg *msg)
{
    party_tell(owner, "offer done %d%s", status, sdp_mark(msg));
}

static struct ds_slice on_late_answer(void *owner, const struct ds_msg *msg)
{
    party_tell(owner, "late answer to%s", sdp_mark(msg));
    return sdp_content().body;
}

static void on_ended(void *owner, const struct ds_msg *bye)
{
    assert_true(bye == NULL || ds_msg_method_is(bye, "BYE"));
    party_tell(owner, "ended%s", bye == NULL ? "" : " by BYE");
    forget_session(owner);
}

const struct ds_session_events party_events = {.progress = on_progress,
                                               .answered = on_answered,
                                               .refused = on_refused,
                                               .cancelled = on_cancelled,
                                               .confirmed = on_confirmed,
                                               .offer = on_offer,
                                               .offer_done = on_offer_done,
                                               .late_answer = on_late_answer,
                                               .ended = on_ended};

/* ---- what a party does ---- */

struct ds_content sdp_content(void)
{
    return (struct ds_content){.body = DS_LITERAL("v=0\r\n")};
}

static void on_invite(void *owner, struct ds_session *session, const struct ds_msg *msg)
{
    struct party *party = owner;
    struct ds_content content = sdp_content();
    party_tell(party, "invite%s", sdp_mark(msg));
    if (party->disowns)
        return;
    assert_null(party->session);
    party->session = session;
    ds_session_own(session, &party_events, party);
    content.extra_headers = party->extra_headers;
    content.reliable = party->reliable;
    content.session_expires_s = party->session_expires_s;
    if (!party->with_sdp)
        content.body.len = 0;
    if (party->progresses != 0)
        ds_session_progress(session, party->progresses, &content);
    content.body = DS_LITERAL("v=0\r\n");
    if (party->refuses != 0)
        ds_session_refuse(session, party->refuses, NULL);
    else if (party->answers)
        ds_session_answer(session, &content);
}

static bool on_request(void *owner,
                       struct ds_server_txn *txn,
                       const struct ds_msg *msg,
                       const struct ds_hop *from)
{
    (void)txn;
    (void)from;
    party_tell(owner, "request %.*s", DS_FMT(ds_msg_method(msg)));
    return false;
}

static struct ds_msg *without(const struct ds_msg *msg, const char *header)
{
    struct ds_msg *changed = NULL;
    if (header == NULL)
        return ds_msg_ref(msg);
    assert_int_equal(ds_msg_set(msg, header, NULL, &changed), DS_OK);
    return changed;
}

static struct ds_msg *lose(void *owner, const struct ds_msg *msg, const struct ds_hop *hop)
{
    struct party *party = owner;
    struct ds_slice word = world_word(ds_msg_bytes(msg));
    if (party->watches != NULL && ds_slice_equal(word, ds_slice_of(party->watches))) {
        ds_msg_unref(&party->sent);
        party->sent = ds_msg_ref(msg);
    }
    if (party->holds != NULL && ds_slice_equal(word, ds_slice_of(party->holds))) {
        assert_true(party->held_count < DS_COUNT(party->held));
        party->held[party->held_count++] = (struct held){.msg = ds_msg_ref(msg), .hop = *hop};
        return NULL;
    }
    if (party->losses == 0 || !ds_slice_equal(word, ds_slice_of(party->loses)))
        return without(msg, party->hides);
    party->losses--;
    return NULL;
}

void party_release(struct party *party)
{
    party->holds = NULL;
    for (size_t i = 0; i < party->held_count; i++) {
        struct held *held = &party->held[i];
        assert_int_equal(ds_sip_send(ds_ua_sip(party->ua), held->msg, &held->hop), DS_OK);
        ds_msg_unref(&held->msg);
    }
    party->held_count = 0;
}

bool sent_has(const struct party *party, const char *header, const char *value)
{
    struct ds_slice found;
    if (party->sent == NULL || !ds_msg_header(party->sent, header, 0, &found))
        return false;
    if (ds_slice_equal(found, ds_slice_of(value)))
        return true;
    print_message("%s: %.*s\n", header, DS_FMT(found));
    return false;
}

ds_rc party_try_call(struct party *party, char to, char via, struct ds_why *why)
{
    char to_uri[40], from_uri[40];
    const struct ds_hop hop = world_hop(party->world, via);
    snprintf(to_uri, sizeof to_uri, "sip:%c@contoso.example", to);
    snprintf(from_uri, sizeof from_uri, "sip:%c@contoso.example", party->name);
    const struct ds_invite invite = {
        .to_uri = to_uri,
        .from_uri = from_uri,
        .from_params = ";epid=0123",
        .hop = &hop,
        .body = DS_LITERAL("v=0\r\n"),
        .extra_headers = party->call_headers != NULL ? party->call_headers : "Subject: test\r\n",
        .supports_100rel = true,
        .session_expires_s = party->session_expires_s};
    return ds_session_invite(party->ua, &invite, &party_events, party, &party->session, why);
}

void party_call(struct party *party, char to, char via)
{
    struct ds_why why;
    assert_int_equal(party_try_call(party, to, via, &why), DS_OK);
}

/* ---- a proxy ---- */

static bool on_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg);

static void on_branch_over(void *owner)
{
    struct party *proxy = owner;
    proxy->branches_over++;
}

static const struct ds_proxy_events proxy_events = {.failed = on_failed, .over = on_branch_over};

static void forward_to(struct party *proxy, struct ds_server_txn *txn, char target)
{
    struct ds_why why;
    char route[64], uri[48];
    snprintf(route, sizeof route, "<sip:%c.contoso.example;lr>", proxy->name);
    snprintf(uri, sizeof uri, "sip:%c@contoso.example", target);
    const struct ds_proxying how = {.request_uri = uri,
                                    .record_route = proxy->records_route ? route : NULL,
                                    .hop = world_hop(proxy->world, target),
                                    .extra_headers = proxy->extra_headers};
    assert_int_equal(ds_proxy_forward(proxy->ua, txn, &how, &proxy_events, proxy, &why), DS_OK);
}

static bool on_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg)
{
    struct party *proxy = owner;
    party_tell(proxy, "failed %d%s", status, msg == NULL ? " by itself" : "");
    if (proxy->next_target == NULL)
        return false;
    forward_to(proxy, txn, proxy->next_target[0]);
    proxy->next_target = NULL;
    return true;
}

static bool on_all_failed(void *owner, int status)
{
    struct party *proxy = owner;
    party_tell(proxy, "all failed %d", status);
    if (proxy->last_target[0] == '\0')
        return false;
    forward_to(proxy, proxy->forwarded, *proxy->last_target++);
    return true;
}

static void on_given_up(void *owner)
{
    party_tell(owner, "given up");
}

static void on_over(void *owner)
{
    party_tell(owner, "over");
}

static void watch(struct party *proxy, struct ds_server_txn *txn)
{
    static const struct ds_proxy_watch both = {
        .failed = on_all_failed, .given_up = on_given_up, .over = on_over};
    struct ds_why why;
    proxy->forwarded = txn;
    assert_int_equal(ds_proxy_watch(proxy->ua, txn, &both, proxy, &why), DS_OK);
}

void party_leave(struct party *proxy)
{
    bool left = ds_proxy_leave(proxy->ua, proxy->forwarded);
    party_tell(proxy, left ? "left" : "stays");
    if (left)
        forward_to(proxy, proxy->forwarded, *proxy->last_target++);
}

static bool on_proxy_request(void *owner,
                             struct ds_server_txn *txn,
                             const struct ds_msg *msg,
                             const struct ds_hop *from)
{
    struct party *proxy = owner;
    struct ds_why why = {""};
    (void)from;
    if (txn == NULL || ds_msg_to_tag(msg).len > 0) {
        if (ds_proxy_forward_in_dialog(proxy->ua, txn, msg, &why) != DS_OK)
            party_tell(proxy, "cannot forward: %s", why.text);
        return true;
    }
    if (proxy->last_target != NULL)
        watch(proxy, txn);
    for (const char *target = proxy->targets; *target != '\0'; target++)
        forward_to(proxy, txn, *target);
    return true;
}

/* ---- life ---- */

void party_start_as(struct world *world,
                    struct party *party,
                    char name,
                    const struct ds_ua_events *events)
{
    struct ds_why why;
    *party = (struct party){.world = world, .name = name};
    snprintf(party->fqdn, sizeof party->fqdn, "%c.contoso.example", name);
    if (world->transport == DS_TLS && world->authority == NULL)
        assert_int_equal(ds_tls_authority_new(world->net, &world->authority, &why), DS_OK);
    if (world->transport == DS_TLS)
        assert_int_equal(
            ds_tls_identity_new(world->authority, party->fqdn, 0, &party->identity, &why), DS_OK);
    const struct ds_ua_options options = {
        .net = world->net,
        .rng = &world->rng,
        .log = world->log,
        .name = party->fqdn,
        .at = world_addr(name, 0),
        .fqdn = world->transport == DS_TLS ? party->fqdn : NULL,
        .user_agent = "directsip",
        .tls = party->identity,
        .resolve = resolve,
        .resolve_owner = party,
    };
    assert_int_equal(ds_ua_new(&options, events, party, &party->ua, &why), DS_OK);
    assert_int_equal(
        ds_sip_listen(ds_ua_sip(party->ua), world->transport, world_hop(world, name).to.port, &why),
        DS_OK);
    ds_sip_spoil(ds_ua_sip(party->ua), lose, party);
}

void party_start(struct world *world, struct party *party, char name)
{
    static const struct ds_ua_events events = {.invite = on_invite, .request = on_request};
    party_start_as(world, party, name, &events);
    party->answers = true;
}

void party_start_proxy(struct world *world, struct party *proxy, char name, const char *targets)
{
    static const struct ds_ua_events events = {.request = on_proxy_request};
    party_start_as(world, proxy, name, &events);
    proxy->targets = targets;
    proxy->records_route = true;
}

void party_stop(struct party *party)
{
    ds_session_free(&party->session);
    ds_msg_unref(&party->sent);
    for (size_t i = 0; i < party->held_count; i++)
        ds_msg_unref(&party->held[i].msg);
    ds_ua_free(&party->ua);
    world_run(party->world, ds_now(party->world->clock));
    ds_tls_identity_free(&party->identity);
}

void pair_start(struct pair *pair, enum ds_transport transport)
{
    world_start(&pair->world);
    pair->world.transport = transport;
    party_start(&pair->world, &pair->a, 'a');
    party_start(&pair->world, &pair->b, 'b');
}

void pair_stop(struct pair *pair)
{
    party_stop(&pair->a);
    party_stop(&pair->b);
    world_stop(&pair->world);
}

static void want_to_be_asked(struct party *party, party_asked_fn *asked)
{
    struct ds_session_events events = party_events;
    events.asked = asked;
    ds_session_own(party->session, &events, party);
}

void pair_connect(struct pair *pair, party_asked_fn *a, party_asked_fn *b)
{
    pair_start(pair, DS_TCP);
    party_call(&pair->a, 'b', 'b');
    world_run(&pair->world, 1 * DS_S);
    want_to_be_asked(&pair->a, a);
    want_to_be_asked(&pair->b, b);
    ds_buf_clean_up(&pair->world.told);
    ds_buf_clean_up(&pair->world.wire);
}
