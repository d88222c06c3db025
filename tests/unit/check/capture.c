#include "track.h"

#include <stdio.h>
#include <stdlib.h>

/* The messages of a call, act by act. */

#define TICK_US      1000
#define DEFAULT_RING 50000

static uint16_t
port_at(const struct scene *scene, const struct ds_topo_node *from, const struct ds_topo_node *to)
{
    const struct ds_trunk *trunk = ds_topo_trunk(scene->topo, from, to);
    if (trunk != NULL)
        return trunk->a == to ? trunk->a_port : trunk->b_port;
    uint16_t tls = ds_topo_port(to, DS_TLS);
    if (tls != 0)
        return tls;
    return to->role == DS_ROLE_CLIENT ? 5061 : 5060;
}

/* ---- messages ---- */

static void replace(struct ds_buf *text, const struct change *change)
{
    size_t at;
    struct ds_slice all = ds_buf_slice(text);
    if (!ds_slice_find(all, ds_slice_of(change->find), &at))
        return;
    struct ds_buf fresh = {0};
    ds_buf_add(&fresh, (struct ds_slice){all.at, at});
    ds_buf_text(&fresh, change->put);
    ds_buf_add(&fresh, ds_slice_from(all, at + strlen(change->find)));
    ds_buf_clean_up(text);
    *text = fresh;
}

static bool concerns(const struct change *change,
                     const struct ds_topo_node *from,
                     const struct ds_topo_node *to,
                     const struct ds_buf *head)
{
    return change->starts != NULL &&
           ds_slice_starts(ds_buf_slice(head), ds_slice_of(change->starts)) &&
           (change->from == NULL || strcmp(change->from, from->name) == 0) &&
           (change->to == NULL || (to != NULL && strcmp(change->to, to->name) == 0));
}

static void write_contact(const struct track *track,
                          const struct message *message,
                          const struct ds_topo_node *self,
                          struct ds_buf *head)
{
    bool to_pool = self->role == DS_ROLE_MEDIATION &&
                   track->path[message->hop + !message->back]->role == DS_ROLE_POOL;
    if (to_pool)
        ds_buf_print(head,
                     "Contact: <sip:%s:5070;gruu;opaque=srvr:MediationServer:x>;isGateway\r\n",
                     self->fqdn);
    else
        ds_buf_print(head, "Contact: <sip:%s>\r\n", ds_addr_ip_text(self->at).text);
    if (self->role == DS_ROLE_MEDIATION)
        ds_buf_text(head, "User-Agent: RTCC/5.0.0.0 MediationServer\r\n");
}

/* CANCEL, and the ACK of a refusal, belong to the INVITE's own transaction. */
static const char *transaction_of(const struct track *track, const struct message *message)
{
    const struct plan *plan = track->plan;
    bool refused = plan->status != 0 || plan->cancelled;
    bool own =
        strcmp(message->method, "CANCEL") == 0 || (strcmp(message->method, "ACK") == 0 && refused);
    return own ? "INVITE" : message->method;
}

static bool is_proxy(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_POOL || node->role == DS_ROLE_EDGE;
}

/* A proxy leaves the Vias that it got below its own, and takes one off Max-Forwards; so do agents
 * back to back, of INVITEs. */
static void write_way(const struct track *track, const struct message *message, struct ds_buf *head)
{
    size_t hop = message->hop;
    unsigned left = 70;
    for (;; hop--, left--) {
        ds_buf_print(head, "Via: SIP/2.0/TCP x;branch=z9hG4bK%s%s%d-%zu-%u\r\n",
                     transaction_of(track, message), message->suffix, track->call, hop,
                     track->cseq);
        if (hop == 0 || !is_proxy(track->path[hop]))
            break;
    }
    if (!message->back && strcmp(message->method, "INVITE") == 0)
        left = 70 - (unsigned)message->hop;
    ds_buf_print(head, "Max-Forwards: %u\r\n", left);
}

static void
write_head(const struct track *track, const struct message *message, struct ds_buf *head)
{
    int leg = track_leg(track, message->hop);
    const char *number = track->plan->number, *suffix = message->suffix;
    const struct ds_topo_node *self = track->path[message->hop + message->back];
    const char *caller = track->path[0]->number;
    bool first = strcmp(message->first, "INVITE") == 0 && track->cseq == 1;
    if (message->back)
        ds_buf_print(head, "SIP/2.0 %s Some Reason\r\n", message->first);
    else
        ds_buf_print(head, "%s sip:%s@contoso.example SIP/2.0\r\n", message->first, number);
    write_way(track, message, head);
    ds_buf_print(head, "From: <sip:%s@contoso.example>;tag=f%d%s\r\nTo: <sip:%s@contoso.example>",
                 caller, leg, suffix, number);
    ds_buf_print(head, first || strcmp(message->first, "CANCEL") == 0 ? "\r\n" : ";tag=t%d%s\r\n",
                 leg, suffix);
    /* A proxy forks under the Call-ID it got. */
    ds_buf_print(head, "Call-ID: %d-%d%s\r\nCSeq: %u %s\r\n", track->call, leg,
                 self->role == DS_ROLE_POOL ? "" : suffix, track->cseq, message->method);
    write_contact(track, message, self, head);
}

static void send_message(struct track *track, const struct message *message)
{
    struct scene *scene = track->scene;
    struct ds_buf head = {0}, body = {0};
    const struct ds_topo_node *near = track->path[message->hop],
                              *far = track->path[message->hop + 1];
    const struct ds_topo_node *from = message->back ? far : near, *to = message->back ? near : far;
    struct ds_addr a = near->at, b = far->at;
    bool dropped = false;
    a.port = 40000;
    b.port = port_at(scene, near, far);
    write_head(track, message, &head);
    if (message->sdp)
        track_describe(track, message, &body);
    for (size_t i = 0; i < MOST_CHANGES; i++) {
        const struct change *change = &track->plan->changes[i];
        if (!concerns(change, from, to, &head))
            continue;
        dropped = dropped || change->find == NULL;
        if (change->find != NULL && strncmp(change->find, "port", 4) == 0)
            b.port = (uint16_t)atoi(change->put);
        else if (change->find != NULL) {
            replace(&head, change);
            replace(&body, change);
        }
    }
    if (message->sdp)
        ds_buf_text(&head, "Content-Type: application/sdp\r\n");
    ds_buf_print(&head, "Content-Length: %zu\r\n\r\n", body.len);
    ds_buf_add(&head, ds_buf_slice(&body));
    if (!dropped) {
        scene_put(scene, message->back ? b : a, message->back ? a : b, ds_buf_slice(&head));
        scene->now_us += TICK_US;
    }
    ds_buf_clean_up(&head);
    ds_buf_clean_up(&body);
}

/* The same request over all hops, as each element hears of it. */
static void forward(struct track *track, const char *method, bool sdp)
{
    for (size_t i = 0; i + 1 < track->path_count; i++)
        send_message(track,
                     &(struct message){
                         .first = method, .method = method, .hop = i, .sdp = sdp, .suffix = ""});
}

static void reply(struct track *track, const char *status, const char *method, bool sdp)
{
    for (size_t i = track->path_count - 1; i-- > 0;)
        send_message(track, &(struct message){.first = status,
                                              .method = method,
                                              .hop = i,
                                              .back = true,
                                              .sdp = sdp,
                                              .suffix = ""});
}

/* One more INVITE between two elements, with a Call-ID of its own. */
static void send_beside(struct track *track, const char *pair, const char *suffix)
{
    struct track beside = *track;
    char from[64], to[64];
    assert_int_equal(sscanf(pair, "%63s %63s", from, to), 2);
    struct ds_topo_node stranger = {.name = to, .role = DS_ROLE_COUNT, .fqdn = to};
    beside.path[0] = ds_topo_find(track->scene->topo, ds_slice_of(from));
    beside.path[1] = ds_topo_find(track->scene->topo, ds_slice_of(to));
    if (beside.path[1] == NULL) {
        stranger.at = scene_address(track->scene, to);
        beside.path[1] = &stranger;
    }
    struct ds_topo_node caller = *beside.path[0];
    caller.number = track->path[0]->number;
    beside.path[0] = &caller;
    beside.path_count = 2;
    send_message(&beside,
                 &(struct message){.first = "INVITE", .method = "INVITE", .suffix = suffix});
}

/* ---- acts ---- */

static void offer(struct track *track, enum ds_direction direction)
{
    track->cseq++;
    track->version++;
    track->direction = direction;
    forward(track, "INVITE", true);
    reply(track, "200", "INVITE", true);
    forward(track, "ACK", false);
}

static void resume(struct track *track)
{
    int packets = track->plan->resumed_packets;
    track->scene->now_us += 200000;
    offer(track, DS_SENDRECV);
    if (packets > 0)
        track_talk(track, packets, 140);
    else
        track->scene->now_us += 600000;
}

static void converse(struct track *track)
{
    const struct plan *plan = track->plan;
    reply(track, "200", "INVITE", true);
    forward(track, "ACK", false);
    track->scene->now_us += plan->silent_us;
    track_talk(track, plan->packets == 0 ? 20 : plan->packets, 100);
    if (plan->pause_us > 0) {
        track->scene->now_us += plan->pause_us;
        track_talk(track, 10, 120);
    }
    track_dial(track);
    if (plan->holds)
        offer(track, DS_INACTIVE);
    if (plan->resumed_packets != 0)
        resume(track);
    track_report(track);
    if (plan->open_ended)
        return;
    track->cseq = track->cseq < 3 ? 3 : track->cseq + 1;
    forward(track, "BYE", false);
    reply(track, "200", "BYE", false);
    if (plan->late_packets > 0) {
        track->scene->now_us += 200000;
        track_talk(track, plan->late_packets, 300);
    }
}

static void give_up(struct track *track)
{
    forward(track, "CANCEL", false);
    reply(track, "200", "CANCEL", false);
    reply(track, "487", "INVITE", false);
    forward(track, "ACK", false);
}

/* The element that tries again does so before it tells anybody. */
static void refuse(struct track *track)
{
    char status[8];
    const char *again = track->plan->again;
    snprintf(status, sizeof status, "%d", track->plan->status);
    for (size_t i = track->path_count - 1; i-- > 0;) {
        send_message(
            track, &(struct message){
                       .first = status, .method = "INVITE", .hop = i, .back = true, .suffix = ""});
        if (again != NULL &&
            strncmp(again, track->path[i]->name, strlen(track->path[i]->name)) == 0)
            send_beside(track, again, "again");
    }
    forward(track, "ACK", false);
}

void scene_play(struct scene *scene, const struct plan *plan)
{
    struct track track = {.scene = scene,
                          .plan = plan,
                          .call = scene->calls++,
                          .cseq = 1,
                          .version = 1,
                          .direction = DS_SENDRECV};
    track.path_count = scene_nodes(scene, plan->path, track.path);
    track.media_count =
        scene_nodes(scene, plan->media != NULL ? plan->media : plan->path, track.media);
    if (plan->early_audio)
        track_talk(&track, 4, 0);
    forward(&track, "INVITE", true);
    if (plan->extra != NULL)
        send_beside(&track, plan->extra, "extra");
    reply(&track, "180", "INVITE", false);
    scene->now_us += plan->ring_us == 0 ? DEFAULT_RING : plan->ring_us;
    if (plan->cancelled)
        give_up(&track);
    else if (plan->status != 0)
        refuse(&track);
    else
        converse(&track);
    scene->now_us += 1000000;
}
