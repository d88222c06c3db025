#include "world.h"

#include <stdio.h>
#include <string.h>

/* ---- the network ---- */

static char name_of(struct ds_addr addr)
{
    return (char)('a' + (ds_addr_ip4(&addr) & 0xff) - 10);
}

/* "INVITE", "180", or "?" for what is no SIP. */
static struct ds_slice gist(struct ds_slice bytes)
{
    struct ds_slice word = {0};
    if (!ds_msg_looks_like_sip(bytes))
        return DS_LITERAL("?");
    if (ds_slice_starts(bytes, DS_LITERAL("SIP/2.0 ")))
        bytes = ds_slice_from(bytes, 8);
    ds_slice_cut(&bytes, ' ', &word);
    return word;
}

static void
see(void *owner, struct ds_addr from, struct ds_addr to, char tcp_event, struct ds_slice bytes)
{
    struct world *world = owner;
    (void)to;
    if (tcp_event != 0 && tcp_event != 'd')
        return;
    ds_buf_print(&world->wire, "%c %g %.*s\n", name_of(from),
                 (double)ds_now(world->clock) / (double)DS_S, DS_FMT(gist(bytes)));
}

void world_start(struct world *world)
{
    struct ds_why why;
    *world = (struct world){.clock = NULL};
    ds_rng_seed(&world->rng, 7);
    assert_int_equal(ds_clock_new_virtual(0, &world->clock), DS_OK);
    assert_int_equal(ds_log_new(&world->log, 65536), DS_OK);
    const struct ds_net_options options = {
        .clock = world->clock, .rng = &world->rng, .tap = see, .owner = world};
    assert_int_equal(ds_net_new_simulated(&options, &world->net, &why), DS_OK);
}

void world_stop(struct world *world)
{
    world_run(world, ds_now(world->clock));
    ds_tls_authority_free(&world->authority);
    ds_net_free(&world->net);
    assert_int_equal(ds_timers_count(world->clock), 0);
    ds_clock_free(&world->clock);
    ds_log_free(&world->log);
    ds_buf_clean_up(&world->wire);
    ds_buf_clean_up(&world->told);
}

void world_run(struct world *world, ds_us until)
{
    struct ds_why why;
    for (int settling = 0; settling < 16; settling += ds_now(world->clock) >= until)
        assert_int_equal(ds_net_turn(world->net, until, &why), DS_OK);
}

static void assert_text(struct ds_buf *text, const char *expected)
{
    assert_false(text->broken);
    assert_string_equal(text->at == NULL ? "" : text->at, expected);
    ds_buf_clean_up(text);
}

void assert_wire(struct world *world, const char *expected)
{
    assert_text(&world->wire, expected);
}

void assert_told(struct world *world, const char *expected)
{
    assert_text(&world->told, expected);
}

struct ds_addr world_addr(char name, uint16_t port)
{
    return ds_addr_v4(0x7f000000u + 10 + (uint32_t)(name - 'a'), port);
}

struct ds_hop world_hop(char name, enum ds_transport transport, uint16_t port)
{
    return (struct ds_hop){.transport = transport, .to = world_addr(name, port)};
}

/* ---- elements ---- */

DS_PRINTF(2, 3) static void tell(struct element *element, const char *fmt, ...)
{
    char line[128];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    ds_buf_print(&element->world->told, "%c %g %s\n", element->name,
                 (double)ds_now(element->world->clock) / (double)DS_S, line);
}

static const char *rc_name(ds_rc rc)
{
    static const char *const names[] = {"ok", "nomem", "bad", "io", "late", "gone", "state"};
    return names[rc];
}

static void hear_response(void *owner, const struct ds_msg *msg)
{
    tell(owner, "%d", ds_msg_status(msg));
}

static void hear_client_end(void *owner, ds_rc how, const struct ds_why *why)
{
    struct element *element = owner;
    tell(element, "ended %s", rc_name(how));
    element->ended_at = ds_now(element->world->clock);
    element->why = *why;
    element->client = NULL;
}

const struct ds_client_events element_client_events = {.response = hear_response,
                                                       .ended = hear_client_end};

static void hear_cancel(void *owner, const struct ds_msg *cancel)
{
    tell(owner, "cancelled by %.*s", DS_FMT(ds_msg_method(cancel)));
}

static void hear_server_end(void *owner, ds_rc how)
{
    struct element *element = owner;
    tell(element, "served %s", rc_name(how));
    element->ended_at = ds_now(element->world->clock);
    element->server = NULL;
}

const struct ds_server_events element_server_events = {.cancelled = hear_cancel,
                                                       .ended = hear_server_end};

static void hear_request(void *owner,
                         struct ds_server_txn *txn,
                         const struct ds_msg *msg,
                         const struct ds_hop *from)
{
    struct element *element = owner;
    tell(element, "%.*s%s", DS_FMT(ds_msg_method(msg)), txn == NULL ? " alone" : "");
    element->from = *from;
    if (txn == NULL)
        return;
    element->server = txn;
    if (!element->leave_unowned)
        ds_server_txn_own(txn, &element_server_events, element);
    if (element->answer_at_once != 0)
        element_reply(element, element->answer_at_once);
}

static void hear_stray(void *owner, const struct ds_msg *msg)
{
    tell(owner, "stray %d", ds_msg_status(msg));
}

static const struct ds_sip_events sip_events = {.request = hear_request, .stray = hear_stray};

static void start(struct world *world, struct element *element, char name, const char *host)
{
    struct ds_why why;
    element->world = world;
    element->name = name;
    const struct ds_sip_options options = {
        .net = world->net,
        .rng = &world->rng,
        .log = world->log,
        .name = "element",
        .at = world_addr(name, 0),
        .tls = element->identity,
        .sent_by = host,
        .events = &sip_events,
        .owner = element,
    };
    assert_int_equal(ds_sip_new(&options, &element->sip, &why), DS_OK);
}

void element_start(struct world *world, struct element *element, char name)
{
    *element = (struct element){.world = world};
    start(world, element, name, NULL);
}

void element_start_tls(struct world *world, struct element *element, char name)
{
    char host[] = "?.contoso.example";
    struct ds_why why;
    host[0] = name;
    *element = (struct element){.world = world};
    if (world->authority == NULL)
        assert_int_equal(ds_tls_authority_new(world->net, &world->authority, &why), DS_OK);
    assert_int_equal(ds_tls_identity_new(world->authority, host, 0, &element->identity, &why),
                     DS_OK);
    start(world, element, name, host);
}

void element_listen(struct element *element, enum ds_transport transport, uint16_t port)
{
    struct ds_why why;
    assert_int_equal(ds_sip_listen(element->sip, transport, port, &why), DS_OK);
}

void element_stop(struct element *element)
{
    ds_sip_free(&element->sip);
    world_run(element->world, ds_now(element->world->clock));
    ds_tls_identity_free(&element->identity);
}

struct ds_msg *element_write(struct element *element,
                             const char *method,
                             const struct ds_hop *hop,
                             const char *extra)
{
    char via[160], call_id[17];
    struct ds_why why;
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *msg = NULL;
    ds_sip_via(element->sip, hop, via, sizeof via);
    ds_rng_token(&element->world->rng, call_id, sizeof call_id);
    ds_draft_request(&draft, method, DS_LITERAL("sip:+15550100@contoso.example;user=phone"));
    ds_draft_header(&draft, "Via", "%s", via);
    ds_draft_header(&draft, "Max-Forwards", "70");
    ds_draft_header(&draft, "From", "<sip:a@contoso.example>;tag=ta");
    ds_draft_header(&draft, "To", "<sip:+15550100@contoso.example;user=phone>");
    ds_draft_header(&draft, "Call-ID", "%s", call_id);
    ds_draft_header(&draft, "CSeq", "7 %s", method);
    ds_draft_header(&draft, "Contact", "<sip:a@127.0.0.10>");
    if (extra != NULL)
        ds_draft_header(&draft, "Route", "%s", extra);
    assert_int_equal(ds_draft_finish(&draft, NULL, DS_LITERAL(""), &msg, &why), DS_OK);
    return msg;
}

ds_rc element_request(struct element *element, const char *method, const struct ds_hop *hop)
{
    struct ds_msg *msg = element_write(element, method, hop, NULL);
    ds_rc rc = ds_client_txn_new(element->sip, msg, hop, &element_client_events, element,
                                 &element->client, &element->why);
    ds_msg_unref(&msg);
    return rc;
}

void element_reply(struct element *element, int status)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *msg = NULL;
    ds_draft_response(&draft, ds_server_txn_request(element->server), status,
                      status == 100 ? NULL : "tb");
    ds_draft_header(&draft, "Contact", "<sip:b@127.0.0.11>");
    assert_int_equal(ds_draft_finish(&draft, NULL, DS_LITERAL(""), &msg, NULL), DS_OK);
    ds_server_txn_reply(element->server, msg);
    ds_msg_unref(&msg);
}

/* ---- peers ---- */

static void peer_hear(struct peer *peer, struct ds_slice bytes)
{
    struct ds_why why;
    peer->heard++;
    ds_msg_unref(&peer->last);
    assert_int_equal(ds_msg_parse(bytes, &peer->last, &why), DS_OK);
}

static void peer_datagram(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    (void)from;
    peer_hear(owner, bytes);
}

void peer_open_udp(struct world *world, struct peer *peer, char name, uint16_t port)
{
    struct ds_why why;
    *peer = (struct peer){.world = world};
    assert_int_equal(
        ds_udp_open(world->net, world_addr(name, port), peer_datagram, peer, &peer->udp, &why),
        DS_OK);
}

static void peer_opened(void *owner)
{
    (void)owner;
}

static void peer_data(void *owner, struct ds_slice bytes)
{
    struct peer *peer = owner;
    ds_buf_add(&peer->bytes, bytes);
    if (ds_msg_looks_like_sip(bytes))
        peer_hear(peer, bytes);
    if (peer->close_on_data)
        ds_stream_close(&peer->stream);
}

static void peer_closed(void *owner, const struct ds_why *why)
{
    struct peer *peer = owner;
    (void)why;
    peer->closed++;
}

static const struct ds_stream_events peer_events = {.open = peer_opened,
                                                    .data = peer_data,
                                                    .closed = peer_closed};

static void peer_accept(void *owner, struct ds_stream *stream)
{
    struct peer *peer = owner;
    peer->accepted++;
    if (peer->stream != NULL)
        ds_stream_close(&peer->stream);
    peer->stream = stream;
    ds_stream_own(stream, &peer_events, peer);
}

void peer_listen(struct world *world, struct peer *peer, char name, uint16_t port)
{
    struct ds_why why;
    *peer = (struct peer){.world = world};
    assert_int_equal(ds_listener_open(world->net, world_addr(name, port), NULL, peer_accept, peer,
                                      &peer->listener, &why),
                     DS_OK);
}

void peer_connect(struct world *world, struct peer *peer, char name, struct ds_addr to)
{
    struct ds_why why;
    const struct ds_stream_target target = {.from = world_addr(name, 0), .to = to};
    *peer = (struct peer){.world = world};
    assert_int_equal(
        ds_stream_connect(world->net, &target, &peer_events, peer, &peer->stream, &why), DS_OK);
}

void peer_close(struct peer *peer)
{
    if (peer->udp != NULL)
        ds_udp_close(&peer->udp);
    if (peer->listener != NULL)
        ds_listener_close(&peer->listener);
    if (peer->stream != NULL)
        ds_stream_close(&peer->stream);
    ds_msg_unref(&peer->last);
    ds_buf_clean_up(&peer->bytes);
}

static void peer_send_slice(struct peer *peer, struct ds_addr to, struct ds_slice bytes)
{
    if (peer->udp != NULL)
        ds_udp_send(peer->udp, to, bytes);
    else
        ds_stream_send(peer->stream, bytes);
}

void peer_send(struct peer *peer, struct ds_addr to, const char *text)
{
    peer_send_slice(peer, to, ds_slice_of(text));
}

void peer_answer(struct peer *peer, struct ds_addr to, int status)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *msg = NULL;
    ds_draft_response(&draft, peer->last, status, status == 100 ? NULL : "tb");
    assert_int_equal(ds_draft_finish(&draft, NULL, DS_LITERAL(""), &msg, NULL), DS_OK);
    peer_send_slice(peer, to, ds_msg_bytes(msg));
    ds_msg_unref(&msg);
}

const char *peer_text(const char *method, const char *branch, const char *transport)
{
    static char text[1024];
    bool in_dialog = strcmp(method, "ACK") == 0;
    snprintf(text, sizeof text,
             "%s sip:a@127.0.0.10 SIP/2.0\r\n"
             "Via: SIP/2.0/%s 127.0.0.11:5060;branch=%s\r\n"
             "Max-Forwards: 70\r\n"
             "From: <sip:b@contoso.example>;tag=tp\r\n"
             "To: <sip:a@contoso.example>%s\r\n"
             "Call-ID: peer-call\r\n"
             "CSeq: 3 %s\r\n"
             "Contact: <sip:b@127.0.0.11>\r\n"
             "Content-Length: 0\r\n\r\n",
             method, transport, branch, in_dialog ? ";tag=tb" : "", method);
    return text;
}
