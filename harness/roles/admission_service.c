#include "admission_internal.h"

#include <stdlib.h>
#include <string.h>

/* The bandwidth policy service of a front end pool: knows what each link holds, and what is taken
   of it ([CAC], [TURNBWM] 3.3). */

#define SESSIONS_MOST 4096

/* What was granted and has not been committed lapses soon; what is committed, where nobody updates
 * it for as long as a TURN allocation lives (RFC 8656 3.2). */
#define HOLD       (10 * DS_S)
#define LIFETIME_S 600

/* One path that somebody has asked for: whoever asks is known by the address it asks from. */
struct session {
    struct ds_list link;
    struct ds_policy_service *service; /* borrowed: owns us */
    struct ds_addr client;
    uint8_t id[DS_RESERVATION_BYTES];
    struct ds_link_way way;
    uint32_t kbps;
    struct ds_timer expiry;
};

struct ds_policy_service {
    struct ds_node *node; /* borrowed */
    struct ds_udp *udp;   /* owned */
    struct ds_list sessions;
    size_t count;
    struct ds_buf text; /* owned; what is being said */
};

/* ---- what is taken ---- */

static void forget(struct session *session)
{
    ds_timer_stop(ds_net_clock(session->service->node->net), &session->expiry);
    ds_list_remove(&session->link);
    session->service->count--;
    free(session);
}

static void expired(struct ds_timer *timer)
{
    forget(DS_OWNER(timer, struct session, expiry));
}

static bool crosses(const struct ds_link_way *way, const struct ds_wan_link *link)
{
    for (size_t i = 0; i < way->count; i++)
        if (way->links[i] == link)
            return true;
    return false;
}

/* Of whoever else has it. */
static uint64_t taken_of(const struct ds_policy_service *service,
                         const struct ds_wan_link *link,
                         struct ds_addr but)
{
    uint64_t kbps = 0;
    for (struct ds_list *at = service->sessions.next; at != &service->sessions; at = at->next) {
        const struct session *session = DS_OWNER(at, struct session, link);
        bool counts = !ds_addr_equal(session->client, but) && crosses(&session->way, link);
        kbps += counts ? session->kbps : 0;
    }
    return kbps;
}

static bool has_room(const struct ds_policy_service *service,
                     const struct ds_link_way *way,
                     uint32_t kbps,
                     struct ds_addr but)
{
    for (size_t i = 0; i < way->count; i++) {
        const struct ds_wan_link *link = way->links[i];
        bool fits =
            kbps <= link->session_kbps && taken_of(service, link, but) + kbps <= link->audio_kbps;
        if (!fits && !ds_node_has_defect(service->node, "admits_anything"))
            return false;
    }
    return true;
}

static struct session *find_by_client(const struct ds_policy_service *service, struct ds_addr from)
{
    for (struct ds_list *at = service->sessions.next; at != &service->sessions; at = at->next) {
        struct session *session = DS_OWNER(at, struct session, link);
        if (ds_addr_equal(session->client, from))
            return session;
    }
    return NULL;
}

static bool live(struct session *session, ds_us for_us)
{
    session->expiry.whose = ds_addr_ip4(&session->service->node->place->at);
    return ds_timer_start(ds_net_clock(session->service->node->net), &session->expiry, for_us,
                          expired) == DS_OK;
}

/* NULL: there is no room for one more in memory. */
static struct session *new_session(struct ds_policy_service *service, struct ds_addr from)
{
    struct session *session = service->count < SESSIONS_MOST ? calloc(1, sizeof *session) : NULL;
    if (session == NULL)
        return NULL;
    *session = (struct session){.service = service, .client = from};
    for (size_t i = 0; i < sizeof session->id; i++)
        session->id[i] = (uint8_t)ds_rng_below(service->node->rng, 256);
    ds_list_append(&service->sessions, &session->link);
    service->count++;
    return session;
}

/* Takes the path, in place of what whoever asks had before. */
static struct session *take_path(struct ds_policy_service *service,
                                 struct ds_addr from,
                                 const struct ds_link_way *way,
                                 uint32_t kbps,
                                 ds_us for_us)
{
    struct session *session = find_by_client(service, from);
    if (session == NULL)
        session = new_session(service, from);
    if (session == NULL || !live(session, for_us))
        return NULL;
    session->way = *way;
    session->kbps = kbps;
    return session;
}

/* ---- answers ---- */

static void begin(struct ds_policy_service *service, const struct ds_stun *msg)
{
    service->text.len = 0;
    ds_stun_begin(&service->text, DS_STUN_SUCCESS, msg->method, msg->id);
}

static void say(struct ds_policy_service *service, struct ds_addr to)
{
    ds_stun_put_address(&service->text, DS_STUN_XOR_MAPPED_ADDRESS, to);
    ds_stun_finish(&service->text);
    if (!service->text.broken)
        ds_udp_send(service->udp, to, ds_buf_slice(&service->text));
    else
        ds_buf_clean_up(&service->text); /* as good as lost; whoever asks does so again */
}

static void
refuse(struct ds_policy_service *service, struct ds_addr to, const struct ds_stun *msg, int status)
{
    service->text.len = 0;
    ds_stun_begin(&service->text, DS_STUN_ERROR, msg->method, msg->id);
    ds_stun_put_error(&service->text, status);
    say(service, to);
}

/* ---- requests: [TURNBWM] 3.3.5 ---- */

/* What is asked for: the path, the one by relays (where one is told), and how much of it. */
struct asked {
    struct ds_link_way straight, relayed;
    bool has_relays;
    uint32_t kbps;
};

/* The Internet lies between the relays; an A/V Edge is reached at its inner side. */
static struct ds_addr inner_side(const struct ds_policy_service *service, struct ds_addr relay)
{
    const struct ds_topo_node *edge = ds_topo_at(service->node->topo, relay);
    return edge != NULL && ds_addr_same_ip(edge->av, relay) ? edge->at : relay;
}

static void
add_way(const struct ds_topo *topo, struct ds_addr from, struct ds_addr to, struct ds_link_way *way)
{
    struct ds_link_way more;
    ds_topo_way_between(topo, from, to, &more);
    for (size_t i = 0; i < more.count && way->count < DS_WAY_MOST_LINKS; i++)
        way->links[way->count++] = more.links[i];
}

/* False: not all of that is told. */
static bool
read_path(const struct ds_policy_service *service, const struct ds_stun *msg, struct asked *out)
{
    const struct ds_topo *topo = service->node->topo;
    struct ds_addr local, remote, local_relay, remote_relay;
    struct ds_bandwidth amount;
    *out = (struct asked){.has_relays = false};
    if (!ds_stun_address(msg, DS_STUN_LOCAL_SITE, 0, &local) ||
        !ds_stun_address(msg, DS_STUN_REMOTE_SITE, 0, &remote) ||
        !ds_bandwidth_amount(msg, &amount))
        return false;
    add_way(topo, local, remote, &out->straight);
    out->kbps = amount.most_sent > amount.most_received ? amount.most_sent : amount.most_received;
    out->has_relays = ds_stun_address(msg, DS_STUN_LOCAL_RELAY, 0, &local_relay) &&
                      ds_stun_address(msg, DS_STUN_REMOTE_RELAY, 0, &remote_relay);
    if (!out->has_relays)
        return true;
    add_way(topo, local, inner_side(service, local_relay), &out->relayed);
    add_way(topo, remote, inner_side(service, remote_relay), &out->relayed);
    return true;
}

static void put_paths(struct ds_buf *out, bool room, uint32_t kbps, bool relays)
{
    const struct ds_bandwidth_path path = {.valid = room,
                                           .pstn_failover = !room && !relays,
                                           .sent = room ? kbps : 0,
                                           .received = room ? kbps : 0};
    ds_bandwidth_put_path(
        out, relays ? DS_STUN_REMOTE_RELAY_RESPONSE : DS_STUN_REMOTE_SITE_RESPONSE, &path);
    ds_bandwidth_put_path(out, relays ? DS_STUN_LOCAL_RELAY_RESPONSE : DS_STUN_LOCAL_SITE_RESPONSE,
                          &path);
}

/* A check holds what it finds until it is committed: of two that ask at once, one is told no. */
static void
check_path(struct ds_policy_service *service, struct ds_addr from, const struct ds_stun *msg)
{
    struct asked asked;
    if (!read_path(service, msg, &asked)) {
        refuse(service, from, msg, 400);
        return;
    }
    bool straight = has_room(service, &asked.straight, asked.kbps, from);
    bool relayed = asked.has_relays && has_room(service, &asked.relayed, asked.kbps, from);
    const struct ds_link_way *way = straight ? &asked.straight : &asked.relayed;
    bool held = (straight || relayed) && take_path(service, from, way, asked.kbps, HOLD) != NULL;
    begin(service, msg);
    ds_bandwidth_put_ask(&service->text, DS_BANDWIDTH_CHECK);
    put_paths(&service->text, held && straight, asked.kbps, false);
    if (asked.has_relays)
        put_paths(&service->text, held && relayed, asked.kbps, true);
    say(service, from);
}

/* What was not checked is reserved all the same: the call is up. One that tells relays goes by
 * them. */
static void
commit(struct ds_policy_service *service, struct ds_addr from, const struct ds_stun *msg)
{
    struct asked asked;
    if (!read_path(service, msg, &asked)) {
        refuse(service, from, msg, 400);
        return;
    }
    const struct session *session =
        take_path(service, from, asked.has_relays ? &asked.relayed : &asked.straight, asked.kbps,
                  LIFETIME_S * DS_S);
    if (session == NULL) {
        refuse(service, from, msg, 508);
        return;
    }
    begin(service, msg);
    ds_bandwidth_put_ask(&service->text, DS_BANDWIDTH_COMMIT);
    ds_bandwidth_put_reservation(&service->text, session->id);
    say(service, from);
}

static bool is_given_back(const struct ds_stun *msg)
{
    struct ds_bandwidth amount;
    return ds_bandwidth_amount(msg, &amount) && amount.most_sent == 0 && amount.most_received == 0;
}

/* One for a reservation that is none any more, as an answer was lost, is answered all the same. */
static void
update(struct ds_policy_service *service, struct ds_addr from, const struct ds_stun *msg)
{
    uint8_t id[DS_RESERVATION_BYTES];
    struct session *session = find_by_client(service, from);
    if (!ds_bandwidth_reservation(msg, id)) {
        refuse(service, from, msg, 400);
        return;
    }
    bool ours = session != NULL && memcmp(session->id, id, sizeof id) == 0;
    if (ours && is_given_back(msg) && !ds_node_has_defect(service->node, "keeps_reservations"))
        forget(session);
    else if (ours && !live(session, LIFETIME_S * DS_S))
        ds_node_log(service->node, 1, "out of memory: a reservation stays");
    begin(service, msg);
    ds_bandwidth_put_ask(&service->text, DS_BANDWIDTH_UPDATE);
    ds_bandwidth_put_reservation(&service->text, id);
    say(service, from);
}

static void take(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_policy_service *service = owner;
    enum ds_bandwidth_ask ask;
    struct ds_stun msg;
    if (ds_stun_parse(bytes, &msg, NULL) != DS_OK || msg.kind != DS_STUN_REQUEST)
        return;
    if (msg.method != DS_STUN_ALLOCATE || !ds_bandwidth_asked(&msg, &ask))
        refuse(service, from, &msg, 400);
    else if (ask == DS_BANDWIDTH_CHECK)
        check_path(service, from, &msg);
    else if (ask == DS_BANDWIDTH_COMMIT)
        commit(service, from, &msg);
    else
        update(service, from, &msg);
}

/* ---- birth and death ---- */

ds_rc ds_policy_service_new(struct ds_node *node,
                            struct ds_policy_service **out,
                            struct ds_why *why)
{
    struct ds_addr at = node->place->at;
    struct ds_policy_service *service = calloc(1, sizeof *service);
    if (service == NULL)
        return ds_fail_memory(why);
    at.port = DS_STUN_PORT;
    service->node = node;
    ds_list_init(&service->sessions);
    ds_rc rc = ds_udp_open(node->net, at, take, service, &service->udp, why);
    if (rc == DS_OK)
        *out = service;
    else
        free(service);
    return rc;
}

void ds_policy_service_free(struct ds_policy_service **service)
{
    struct ds_policy_service *gone = *service;
    struct ds_list *next;
    if (gone == NULL)
        return;
    for (struct ds_list *at = gone->sessions.next; at != &gone->sessions; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct session, link));
    }
    ds_udp_close(&gone->udp);
    ds_buf_clean_up(&gone->text);
    free(gone);
    *service = NULL;
}
