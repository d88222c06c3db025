#include "missed_internal.h"
#include "pool_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Calls to Exchange UM: the servers are tried one after the other, and where none takes the call it
   ends with 480 (domain.md 1.9, [EUMR] 3.1.6). */

#define NO_SERVER 15030 /* ms-diagnostics of the UM range: domain.md 5.5 */

struct mail_call {
    struct ds_list link;
    struct ds_node *node;            /* borrowed */
    struct ds_pool *pool;            /* borrowed */
    struct ds_server_txn *txn;       /* borrowed; the proxy tells when it is over */
    const struct ds_topo_node *user; /* borrowed: for whom a message is left; NULL: for nobody */
    struct ds_pool_left left[DS_POOL_MOST_LEFT]; /* whom it was for before */
    size_t left_count;
    bool subscribes; /* no call: a SUBSCRIBE to message waiting */
    char number[64]; /* called; where a message is left, its user's */
    size_t next;     /* of the servers */
    struct ds_timer silence;
};

/* ---- one server after the other ---- */

/* A message is left at the user's address, whose own it is not any more: [EUMR] 3.1.5. */
static void address_call(const struct mail_call *call, char *uri, char *headers, size_t size)
{
    const char *domain = call->node->topo->domain;
    headers[0] = '\0';
    if (call->subscribes) {
        snprintf(uri, size, "sip:%s@%s", call->number, domain);
        return;
    }
    if (call->user == NULL) {
        snprintf(uri, size, "sip:%s@%s;user=phone", call->number, domain);
        return;
    }
    snprintf(uri, size, "sip:%s@%s;opaque=app:voicemail", call->user->name, domain);
    snprintf(headers, size, "Diversion: <sip:%s@%s>\r\n", call->user->name, domain);
}

struct ds_hop ds_pool_hop_to_mail(const struct ds_topo_node *server)
{
    return ds_node_hop(server, ds_topo_port(server, DS_TLS) != 0 ? DS_TLS : DS_TCP, 0);
}

static bool call_server(struct mail_call *call, const struct ds_topo_node *server)
{
    char uri[192], headers[192];
    struct ds_pool_routing routing = {.node = call->node,
                                      .pool = call->pool,
                                      .txn = call->txn,
                                      .left_count = call->left_count,
                                      .to_mail = call->user != NULL};
    memcpy(routing.left, call->left, sizeof call->left);
    ds_slice_copy(ds_slice_of(call->user != NULL ? call->user->name : call->number), routing.number,
                  sizeof routing.number);
    address_call(call, uri, headers, sizeof uri);
    struct ds_proxying how = {
        .request_uri = uri, .hop = ds_pool_hop_to_mail(server), .extra_headers = headers};
    ds_node_log(call->node, 2, "%s is for voice mail: on to %s", call->number, server->name);
    return ds_pool_forward(&routing, &how);
}

static void give_up(struct mail_call *call)
{
    struct ds_pool_routing routing = {.node = call->node, .pool = call->pool, .txn = call->txn};
    bool bare = ds_node_has_defect(call->node, "hides_lost_mail");
    ds_slice_copy(ds_slice_of(call->number), routing.number, sizeof routing.number);
    if (bare)
        ds_ua_reply(call->node->ua, call->txn, 503, NULL);
    else
        ds_pool_refuse(&routing, 480, NO_SERVER, "No Exchange UM server takes the call");
}

static ds_timer_fn server_is_silent;

static void try_next(struct mail_call *call)
{
    const struct ds_voice_mail *mail = &call->node->topo->voice_mail;
    struct ds_clock *clock = ds_net_clock(call->node->net);
    ds_timer_stop(clock, &call->silence);
    while (call->next < mail->server_count) {
        if (!call_server(call, mail->servers[call->next++]))
            continue;
        if (call->subscribes) /* Timer F tells of silence, and nothing can be cancelled */
            return;
        call->silence.whose = ds_addr_ip4(&call->node->place->at);
        if (ds_timer_start(clock, &call->silence, mail->wait_us, server_is_silent) != DS_OK)
            ds_node_log(call->node, 1, "out of memory: a silent server is waited for");
        return;
    }
    give_up(call);
}

static void server_is_silent(struct ds_timer *timer)
{
    struct mail_call *call = DS_OWNER(timer, struct mail_call, silence);
    if (ds_proxy_leave(call->node->ua, call->txn))
        try_next(call);
}

static bool server_refuses(void *owner, int status)
{
    struct mail_call *call = owner;
    (void)status;
    if (ds_node_has_defect(call->node, "asks_one_um"))
        call->next = call->node->topo->voice_mail.server_count;
    try_next(call);
    return true;
}

/* ---- calls that were missed ---- */

void ds_pool_missed(struct ds_node *node,
                    struct ds_pool *pool,
                    const struct ds_server_txn *txn,
                    const struct ds_topo_node *user)
{
    const struct ds_topo *topo = node->topo;
    if (topo->voice_mail.missed_calls && user->handling.voice_mail &&
        !ds_node_has_defect(node, "notes_no_missed_call"))
        ds_missed_ask(node, &pool->missed, ds_server_txn_request(txn), user);
}

/* ---- the call ---- */

static void forget(struct mail_call *call)
{
    ds_timer_stop(ds_net_clock(call->node->net), &call->silence);
    ds_list_remove(&call->link);
    free(call);
}

static void caller_gives_up(void *owner)
{
    const struct mail_call *call = owner;
    if (call->user != NULL)
        ds_pool_missed(call->node, call->pool, call->txn, call->user);
}

static void call_over(void *owner)
{
    forget(owner);
}

void ds_pool_mail_free(struct ds_pool *pool)
{
    struct ds_list *next;
    for (struct ds_list *at = pool->mail_calls.next; at != &pool->mail_calls; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct mail_call, link));
    }
}

static struct mail_call *new_call(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    static const struct ds_proxy_watch watch = {
        .failed = server_refuses, .given_up = caller_gives_up, .over = call_over};
    struct ds_why why;
    struct mail_call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return NULL;
    *call = (struct mail_call){
        .node = routing->node, .pool = routing->pool, .txn = routing->txn, .user = user};
    memcpy(call->left, routing->left, sizeof call->left);
    call->left_count = routing->left_count;
    if (ds_proxy_watch(routing->node->ua, routing->txn, &watch, call, &why) != DS_OK) {
        free(call);
        return NULL;
    }
    ds_slice_copy(ds_slice_of(user != NULL ? user->number : routing->number), call->number,
                  sizeof call->number);
    ds_list_append(&routing->pool->mail_calls, &call->link);
    return call;
}

void ds_pool_subscribe_to_mail(struct ds_node *node,
                               struct ds_pool *pool,
                               struct ds_server_txn *txn)
{
    struct ds_pool_routing routing = {.node = node, .pool = pool, .txn = txn};
    ds_node_number(ds_msg_request_uri(ds_server_txn_request(txn)), routing.number,
                   sizeof routing.number);
    struct mail_call *call = new_call(&routing, NULL);
    if (call == NULL) {
        ds_ua_reply(node->ua, txn, 503, NULL);
        return;
    }
    call->subscribes = true;
    try_next(call);
}

bool ds_pool_call_voice_mail(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    struct mail_call *call = new_call(routing, user);
    if (call == NULL)
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
    else
        try_next(call);
    return call != NULL;
}
