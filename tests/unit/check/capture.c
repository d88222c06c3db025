#include "capture.h"

#include <stdio.h>
#include <stdlib.h>

#define EPOCH_US     INT64_C(1700000000000000)
#define MOST_PATH    16
#define TICK_US      1000
#define PACKET_US    20000
#define FIRST_PORT   50000
#define DEFAULT_RING 50000

struct track {
    struct scene *scene;
    const struct plan *plan;
    const struct ds_topo_node *path[MOST_PATH], *media[MOST_PATH];
    size_t path_count, media_count;
    int call;
    enum ds_direction direction;
    unsigned cseq, version;
};

/* One message, before it is on the wire. */
struct message {
    const char *first; /* "INVITE", or "200" */
    const char *method;
    size_t hop;
    bool back;
    bool sdp;
    const char *suffix; /* of Call-ID, branch and tags: of an INVITE beside the others */
};

/* ---- names ---- */

static struct ds_addr address_of(const struct scene *scene, const char *name)
{
    struct ds_addr addr;
    const struct ds_topo_node *node = ds_topo_find(scene->topo, ds_slice_of(name));
    if (node != NULL)
        return node->at;
    assert_int_equal(ds_addr_parse_ip(ds_slice_of(name), &addr), DS_OK);
    return addr;
}

static size_t
nodes_of(const struct scene *scene, const char *text, const struct ds_topo_node *out[MOST_PATH])
{
    struct ds_slice rest = ds_slice_of(text), word;
    size_t count = 0;
    while (ds_slice_cut(&rest, ' ', &word)) {
        assert_true(count < MOST_PATH);
        out[count] = ds_topo_find(scene->topo, word);
        if (out[count] == NULL)
            fail_msg("'%.*s' is no node", DS_FMT(word));
        count++;
    }
    return count;
}

static bool is_back_to_back(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_MEDIATION || node->role == DS_ROLE_GATEWAY ||
           node->role == DS_ROLE_PBX;
}

static int leg_of(const struct track *track, size_t hop)
{
    int leg = 0;
    for (size_t i = 1; i <= hop; i++)
        leg += is_back_to_back(track->path[i]);
    return leg;
}

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

/* ---- audio ---- */

static size_t place_in_path(const struct track *track, const struct ds_topo_node *node, size_t from)
{
    for (size_t i = from; i < track->path_count; i++)
        if (track->path[i] == node)
            return i;
    return track->path_count;
}

/* Which element's audio an end of a hop shows: the last one before it, or the first one after. */
static size_t shown_by(const struct track *track, size_t hop, bool back)
{
    size_t best = back ? track->media_count - 1 : 0, place = 0;
    for (size_t i = 0; i < track->media_count; i++) {
        place = place_in_path(track, track->media[i], place);
        if (!back && place <= hop)
            best = i;
        if (back && place > hop)
            return i;
    }
    return best;
}

static struct ds_addr audio_of(const struct track *track, const struct ds_topo_node *node)
{
    struct ds_addr at = node->at;
    at.port = (uint16_t)(FIRST_PORT + 100 * track->call + 2 * (int)place_in_path(track, node, 0));
    return at;
}

static void write_sdp(const struct track *track, const struct message *message, struct ds_buf *out)
{
    static const struct ds_sdp_codec codecs[] = {{0, "PCMU", 8000, NULL},
                                                 {8, "PCMA", 8000, NULL},
                                                 {13, "CN", 8000, NULL},
                                                 {101, "telephone-event", 8000, "0-16"}};
    size_t shown = shown_by(track, message->hop, message->back);
    struct ds_sdp_spec spec = {
        .style = DS_SDP_GATEWAY,
        .session_id = 1000u + 100u * (unsigned)leg_of(track, message->hop) + message->back,
        .version = track->version,
        .at = audio_of(track, track->media[shown]),
        .codecs = codecs,
        .codec_count = DS_COUNT(codecs),
        .direction = track->direction,
    };
    if (!message->back && track->path[0]->role == DS_ROLE_CLIENT && message->hop == 0)
        spec.bypass_id = ds_topo_bypass_id(track->scene->topo, track->path[0]);
    ds_sdp_write(&spec, out);
}

static void send_rtp(struct track *track,
                     const struct ds_topo_node *from,
                     const struct ds_topo_node *to,
                     struct ds_tone *tone,
                     unsigned sequence)
{
    uint8_t payload[400], packet[500];
    struct ds_buf frame = {0};
    int bytes = track->plan->packet_bytes == 0 ? 160 : track->plan->packet_bytes;
    struct ds_rtp rtp = {
        .payload_type = (uint8_t)track->plan->payload_type,
        .sequence = (uint16_t)sequence,
        .timestamp = sequence * (unsigned)bytes,
        .ssrc = (uint32_t)ds_hash(ds_slice_of(from->name)) ^ (uint32_t)track->call,
        .payload = {(const char *)payload, (size_t)bytes},
    };
    ds_tone_fill(tone, 0, payload, (size_t)bytes);
    size_t len = ds_rtp_write(&rtp, packet, sizeof packet);
    ds_frame_build(&frame, audio_of(track, from), audio_of(track, to), NULL,
                   (struct ds_slice){(const char *)packet, len});
    ds_pcap_write_frame(track->scene->writer, EPOCH_US + track->scene->now_us,
                        ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
}

static void send_digit(struct track *track, char digit, unsigned sequence, bool end)
{
    const struct ds_topo_node *from = track->media[0], *to = track->media[1];
    uint8_t payload[4], packet[100];
    struct ds_buf frame = {0};
    struct ds_rtp_event event = {.end = end, .volume = 10, .duration = 800};
    assert_int_equal(ds_rtp_event_of(digit, &event.event), DS_OK);
    ds_rtp_event_write(&event, payload);
    struct ds_rtp rtp = {.payload_type = 101,
                         .sequence = (uint16_t)sequence,
                         .timestamp = 100000u + 1000u * (unsigned)digit,
                         .ssrc = (uint32_t)ds_hash(ds_slice_of(from->name)) ^ (uint32_t)track->call,
                         .payload = {(const char *)payload, sizeof payload}};
    size_t len = ds_rtp_write(&rtp, packet, sizeof packet);
    ds_frame_build(&frame, audio_of(track, from), audio_of(track, to), NULL,
                   (struct ds_slice){(const char *)packet, len});
    ds_pcap_write_frame(track->scene->writer, EPOCH_US + track->scene->now_us,
                        ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
    track->scene->now_us += PACKET_US;
}

/* Each end's voice along the whole path, `count` packets of it; `first` is the first sequence
 * number. */
static void talk(struct track *track, int count, unsigned first)
{
    const struct ds_topo_node *path[MOST_PATH];
    const struct plan *plan = track->plan;
    const char *whole = plan->media != NULL ? plan->media : plan->path;
    size_t legs = nodes_of(track->scene, plan->audio != NULL ? plan->audio : whole, path);
    struct ds_tone there[MOST_PATH], back[MOST_PATH];
    for (size_t k = 0; k < legs; k++) {
        there[k] = (struct ds_tone){track->path[0]->tone_hz, 0};
        back[k] = (struct ds_tone){track->path[track->path_count - 1]->tone_hz, 0};
    }
    for (int i = 0; i < count; i++) {
        for (size_t k = 0; k + 1 < legs; k++) {
            send_rtp(track, path[k], path[k + 1], &there[k], first + (unsigned)i);
            send_rtp(track, path[k + 1], path[k], &back[k], first + (unsigned)i);
        }
        track->scene->now_us += plan->packet_bytes == 0 ? PACKET_US : plan->packet_bytes * 125;
    }
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

static void
put_on_wire(struct scene *scene, struct ds_addr from, struct ds_addr to, struct ds_slice text)
{
    struct ds_buf frame = {0};
    ds_frame_build(&frame, from, to, NULL, text);
    ds_pcap_write_frame(scene->writer, EPOCH_US + scene->now_us, ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
    scene->now_us += TICK_US;
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

static void
write_head(const struct track *track, const struct message *message, struct ds_buf *head)
{
    int leg = leg_of(track, message->hop);
    const char *number = track->plan->number, *suffix = message->suffix;
    const struct ds_topo_node *self = track->path[message->hop + message->back];
    const char *caller = track->path[0]->number;
    bool first = strcmp(message->first, "INVITE") == 0 && track->cseq == 1;
    if (message->back)
        ds_buf_print(head, "SIP/2.0 %s Some Reason\r\n", message->first);
    else
        ds_buf_print(head, "%s sip:%s@contoso.example SIP/2.0\r\n", message->first, number);
    ds_buf_print(head, "Via: SIP/2.0/TCP x;branch=z9hG4bK%s%s%d-%zu-%u\r\n",
                 strcmp(message->method, "CANCEL") == 0 ? "INVITE" : message->method, suffix,
                 track->call, message->hop, track->cseq);
    ds_buf_print(head, "From: <sip:%s@contoso.example>;tag=f%d%s\r\nTo: <sip:%s@contoso.example>",
                 caller, leg, suffix, number);
    ds_buf_print(head, first || strcmp(message->first, "CANCEL") == 0 ? "\r\n" : ";tag=t%d%s\r\n",
                 leg, suffix);
    /* A proxy forks under the Call-ID it got. */
    ds_buf_print(head, "Call-ID: %d-%d%s\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n", track->call, leg,
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
        write_sdp(track, message, &body);
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
    if (!dropped)
        put_on_wire(scene, message->back ? b : a, message->back ? a : b, ds_buf_slice(&head));
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
        stranger.at = address_of(track->scene, to);
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

static void hold(struct track *track)
{
    track->cseq = 2;
    track->version = 2;
    track->direction = DS_INACTIVE;
    forward(track, "INVITE", true);
    reply(track, "200", "INVITE", true);
    forward(track, "ACK", false);
}

static void dial_digits(struct track *track)
{
    unsigned sequence = 500;
    for (const char *digit = track->plan->digits; digit != NULL && *digit != '\0'; digit++) {
        send_digit(track, *digit, sequence++, false);
        for (int i = 0; i < 3 && !track->plan->endless_digits; i++)
            send_digit(track, *digit, sequence++, true);
    }
}

static void converse(struct track *track)
{
    const struct plan *plan = track->plan;
    reply(track, "200", "INVITE", true);
    forward(track, "ACK", false);
    talk(track, plan->packets == 0 ? 20 : plan->packets, 100);
    dial_digits(track);
    if (plan->holds)
        hold(track);
    if (plan->open_ended)
        return;
    track->cseq = 3;
    forward(track, "BYE", false);
    reply(track, "200", "BYE", false);
    if (plan->late_packets > 0) {
        track->scene->now_us += 200000;
        talk(track, plan->late_packets, 300);
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
    track.path_count = nodes_of(scene, plan->path, track.path);
    track.media_count =
        nodes_of(scene, plan->media != NULL ? plan->media : plan->path, track.media);
    if (plan->early_audio)
        talk(&track, 4, 0);
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

/* ---- scenes ---- */

void scene_open(struct scene *scene, const char *topology, const char *variant)
{
    char path[128];
    const struct ds_topo_choice choice = {.variant = variant, .bypass = -1};
    const struct ds_pcap_header header = {.application = "test"};
    memset(scene, 0, sizeof *scene);
    snprintf(path, sizeof path, "topologies/%s.lua", topology);
    ds_scratch_make(scene->folder, sizeof scene->folder);
    snprintf(scene->path, sizeof scene->path, "%s/run.pcapng", scene->folder);
    assert_int_equal(ds_arena_new(&scene->arena), DS_OK);
    if (ds_topo_load(path, &choice, scene->arena, &scene->topo, &scene->why) != DS_OK)
        fail_msg("%s", scene->why.text);
    assert_int_equal(ds_pcap_create(scene->path, &header, &scene->writer, &scene->why), DS_OK);
}

void scene_close(struct scene *scene)
{
    if (scene->writer != NULL)
        assert_int_equal(ds_pcap_close(&scene->writer, &scene->why), DS_OK);
    ds_trace_free(&scene->trace);
    ds_arena_free(&scene->arena);
    ds_scratch_remove(scene->folder);
}

void scene_datagram(struct scene *scene, const char *from, const char *to, const char *text)
{
    struct ds_addr a = address_of(scene, from), b = address_of(scene, to);
    a.port = b.port = 5060;
    put_on_wire(scene, a, b, ds_slice_of(text));
}

static enum ds_transport transport_of(struct ds_addr from, struct ds_addr to, enum ds_transport was)
{
    const uint16_t ports[2] = {from.port, to.port};
    for (size_t i = 0; i < 2; i++) {
        if (ports[i] == 5061 || ports[i] == 5070 || ports[i] == 5067)
            return DS_TLS;
        if (ports[i] == 5066 || ports[i] == 5068 || ports[i] == 5999)
            return DS_TCP;
    }
    return was;
}

void scene_read(struct scene *scene)
{
    assert_int_equal(ds_pcap_close(&scene->writer, &scene->why), DS_OK);
    if (ds_trace_read(scene->path, scene->topo, &scene->trace, &scene->why) != DS_OK)
        fail_msg("%s", scene->why.text);
    struct ds_trace *trace = scene->trace;
    for (size_t i = 0; i < trace->event_count; i++)
        trace->events[i].transport =
            transport_of(trace->events[i].from, trace->events[i].to, trace->events[i].transport);
    for (size_t i = 0; i < trace->call_count; i++)
        for (size_t k = 0; k < trace->calls[i].hop_count; k++)
            trace->calls[i].hops[k].transport = trace->calls[i].hops[k].invite->transport;
}

void scene_judge(struct scene *scene)
{
    scene->findings = (struct ds_findings){.arena = scene->arena};
    if (ds_check(scene->trace, scene->topo, &scene->findings, &scene->why) != DS_OK)
        fail_msg("%s", scene->why.text);
}

/* ---- verdicts ---- */

const struct ds_requirement *requirement(const char *id)
{
    const struct ds_requirement *found = ds_requirement_find(ds_slice_of(id));
    if (found == NULL)
        fail_msg("%s is no requirement", id);
    return found;
}

enum ds_verdict scene_verdict(const struct scene *scene, const char *id)
{
    return ds_findings_verdict(&scene->findings, requirement(id));
}

const struct ds_finding *scene_finding(const struct scene *scene, const char *id)
{
    enum ds_verdict worst = scene_verdict(scene, id);
    for (size_t i = 0; i < scene->findings.count; i++)
        if (scene->findings.list[i].requirement == requirement(id) &&
            scene->findings.list[i].verdict == worst)
            return &scene->findings.list[i];
    fail_msg("nothing is said of %s", id);
    return NULL;
}

static void
judge_plan(struct scene *scene, const char *topology, const char *variant, const struct plan *plan)
{
    scene_open(scene, topology, variant);
    scene_play(scene, plan);
    scene_read(scene);
    scene_judge(scene);
}

bool comes_to(const char *topology,
              const char *variant,
              const struct plan *plan,
              const char *id,
              enum ds_verdict verdict)
{
    struct scene scene;
    judge_plan(&scene, topology, variant, plan);
    const struct ds_finding *finding = scene_finding(&scene, id);
    bool good = finding->verdict == verdict && finding->sentence[0] != '\0';
    if (!good)
        print_error("%s is %s, not %s: %s\n", id, ds_verdict_name(finding->verdict),
                    ds_verdict_name(verdict), finding->sentence);
    scene_close(&scene);
    return good;
}

bool is_clean(const char *topology, const char *variant, const struct plan *plan)
{
    struct scene scene;
    bool clean = true;
    judge_plan(&scene, topology, variant, plan);
    for (size_t i = 0; i < scene.findings.count; i++) {
        const struct ds_finding *finding = &scene.findings.list[i];
        if (finding->verdict == DS_PASS || finding->verdict == DS_NOT_SEEN)
            continue;
        print_error("%s is %s: %s\n", finding->requirement->id, ds_verdict_name(finding->verdict),
                    finding->sentence);
        clean = false;
    }
    scene_close(&scene);
    return clean;
}

void check_cases(const struct verdict_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!comes_to(cases[i].topology, cases[i].variant, &cases[i].plan, cases[i].id,
                      cases[i].verdict))
            fail_msg("case %zu, %s: %s", i, cases[i].id, cases[i].plan.path);
}
