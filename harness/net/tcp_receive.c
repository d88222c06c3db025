#include "sim_internal.h"

#include <stdlib.h>
#include <string.h>

/* The receiving half of a simulated connection. */

#define ROOM          65535u
#define ANSWER_WITHIN (40 * DS_MS) /* a lone segment may wait for something to be said */
#define READ_EVERY    (10 * DS_MS) /* of a machine that reads slowly */
#define NO_BYTES      ((struct ds_slice){NULL, 0})

struct segment {
    struct ds_list node;
    uint32_t sequence;
    size_t len;
    char bytes[];
};

uint16_t ds_tcp_room(const struct ds_tcp *tcp)
{
    size_t taken = tcp->unread.len - tcp->unread_head;
    return (uint16_t)(taken < ROOM ? ROOM - taken : 0);
}

static void free_segments(struct ds_list *segments)
{
    for (struct ds_list *node = segments->next, *next; node != segments; node = next) {
        next = node->next;
        free(DS_OWNER(node, struct segment, node));
    }
    ds_list_init(segments);
}

/* The memory of what is not read stays: its reader may be the one who ends this. */
void ds_tcp_forget(struct ds_tcp *tcp)
{
    free_segments(&tcp->early);
    tcp->early_bytes = 0;
    tcp->unread.len = tcp->unread_head = 0;
}

static void acknowledge(struct ds_tcp *tcp)
{
    ds_tcp_emit(tcp, &(struct ds_tcp_mark){.sequence = tcp->next}, NO_BYTES);
}

static void acknowledge_late(struct ds_timer *timer)
{
    acknowledge(DS_OWNER(timer, struct ds_tcp, acknowledge));
}

/* Every second segment is acknowledged at once: RFC 9293 3.8.6.3. */
static void acknowledge_soon(struct ds_tcp *tcp, bool now)
{
    if (tcp->state != DS_TCP_UP || (!now && tcp->told == tcp->expected))
        return; /* what was said since has acknowledged it too */
    if (now || ++tcp->unanswered >= 2)
        acknowledge(tcp);
    else if (!ds_timer_running(&tcp->acknowledge))
        ds_tcp_start(tcp, &tcp->acknowledge, ANSWER_WITHIN, acknowledge_late);
}

/* ---- reading ---- */

/* The peer's end is acknowledged when all before it has come, and told when all that is read. */
static void see_end(struct ds_tcp *tcp)
{
    struct ds_stream *stream = tcp->stream;
    if (tcp->has_end && !tcp->took_end && tcp->expected == tcp->end_at) {
        tcp->took_end = true;
        tcp->expected++;
        acknowledge(tcp);
    }
    if (!tcp->took_end || tcp->saw_end || tcp->unread.len > tcp->unread_head)
        return;
    tcp->saw_end = true;
    ds_stream_ended(stream, false, "%s closed the connection", ds_addr_text(stream->peer).text);
}

static ds_timer_fn read_slowly;

static void wait_to_read(struct ds_tcp *tcp)
{
    if (!ds_timer_running(&tcp->read))
        ds_tcp_start(tcp, &tcp->read, READ_EVERY, read_slowly);
}

/* Bytes that may be read by now: all, where the machine reads as they come. */
static size_t share_of(struct ds_tcp *tcp, size_t waiting)
{
    uint64_t rate = ds_faults_reading(tcp->stream->net, tcp->stream->place.at);
    if (rate == 0)
        return waiting;
    tcp->credit += rate * (uint64_t)READ_EVERY;
    uint64_t share = tcp->credit / (uint64_t)DS_S;
    tcp->credit %= (uint64_t)DS_S;
    return share < waiting ? (size_t)share : waiting;
}

static void read_slowly(struct ds_timer *timer)
{
    struct ds_tcp *tcp = DS_OWNER(timer, struct ds_tcp, read);
    size_t waiting = tcp->unread.len - tcp->unread_head;
    bool was_full = ds_tcp_room(tcp) < ROOM / 2;
    struct ds_slice bytes = {tcp->unread.at + tcp->unread_head, share_of(tcp, waiting)};
    tcp->unread_head += bytes.len;
    ds_stream_arrived(tcp->stream, bytes);
    if (tcp->state != DS_TCP_UP)
        return;
    if (was_full && ds_tcp_room(tcp) >= ROOM / 2)
        acknowledge(tcp); /* there is room again */
    if (tcp->unread_head < tcp->unread.len)
        wait_to_read(tcp);
    else
        tcp->unread.len = tcp->unread_head = 0;
    see_end(tcp);
    ds_tcp_settle(tcp);
}

static void keep_unread(struct ds_tcp *tcp, struct ds_slice bytes)
{
    struct ds_buf *unread = &tcp->unread;
    if (tcp->unread_head > ROOM) {
        unread->len -= tcp->unread_head;
        memmove(unread->at, unread->at + tcp->unread_head, unread->len);
        tcp->unread_head = 0;
    }
    ds_buf_add(unread, bytes);
    if (unread->broken)
        ds_tcp_fail(tcp);
    else
        wait_to_read(tcp);
}

/* In order. A machine that reads slowly lets it wait, and says how much room is left. */
static void take(struct ds_tcp *tcp, struct ds_slice bytes)
{
    struct ds_stream *stream = tcp->stream;
    tcp->expected += (uint32_t)bytes.len;
    if (tcp->unread.len == 0 && ds_faults_reading(stream->net, stream->place.at) == 0) {
        ds_stream_arrived(stream, bytes);
        return;
    }
    keep_unread(tcp, bytes);
}

/* ---- order ---- */

static bool in_window(const struct ds_tcp *tcp, uint32_t sequence)
{
    return (uint32_t)(sequence - tcp->expected) <= ROOM;
}

/* In order of sequence; nearly always at the end. */
static void keep_early(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    struct ds_list *before = tcp->early.prev;
    uint32_t sequence = packet->tcp.sequence;
    if (packet->len == 0 || !in_window(tcp, sequence) || tcp->early_bytes + packet->len > ROOM)
        return;
    while (before != &tcp->early &&
           (int32_t)(DS_OWNER(before, struct segment, node)->sequence - sequence) > 0)
        before = before->prev;
    if (before != &tcp->early && DS_OWNER(before, struct segment, node)->sequence == sequence &&
        DS_OWNER(before, struct segment, node)->len >= packet->len)
        return; /* it is here already */
    struct segment *segment = malloc(sizeof *segment + packet->len);
    if (segment == NULL)
        return;
    segment->node = (struct ds_list){NULL, NULL};
    segment->sequence = sequence;
    segment->len = packet->len;
    memcpy(segment->bytes, packet->bytes, packet->len);
    tcp->early_bytes += packet->len;
    ds_list_append(before->next, &segment->node);
}

/* The part of a segment that is new; false where it is old, or beyond a hole. */
static bool new_part(const struct ds_tcp *tcp, uint32_t sequence, struct ds_slice *bytes)
{
    uint32_t known = tcp->expected - sequence;
    if ((int32_t)known < 0 || known >= bytes->len)
        return false;
    *bytes = ds_slice_from(*bytes, known);
    return true;
}

static struct segment *next_early(struct ds_tcp *tcp)
{
    if (ds_list_empty(&tcp->early))
        return NULL;
    struct segment *first = DS_OWNER(tcp->early.next, struct segment, node);
    return (int32_t)(first->sequence - tcp->expected) <= 0 ? first : NULL;
}

static void take_early(struct ds_tcp *tcp)
{
    struct ds_list taken;
    ds_list_init(&taken);
    for (struct segment *segment = next_early(tcp); segment != NULL && tcp->state == DS_TCP_UP;
         segment = next_early(tcp)) {
        struct ds_slice bytes = {segment->bytes, segment->len};
        ds_list_remove(&segment->node);
        ds_list_append(&taken, &segment->node);
        tcp->early_bytes -= segment->len;
        if (new_part(tcp, segment->sequence, &bytes))
            take(tcp, bytes);
    }
    free_segments(&taken);
}

static void take_data(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    struct ds_slice bytes = {packet->bytes, packet->len};
    bool hole = (int32_t)(packet->tcp.sequence - tcp->expected) > 0;
    bool had_hole = !ds_list_empty(&tcp->early);
    uint32_t end_at = packet->tcp.sequence + (uint32_t)packet->len;
    if (packet->tcp.fin && in_window(tcp, end_at)) {
        tcp->has_end = true;
        tcp->end_at = end_at;
    }
    if (hole)
        keep_early(tcp, packet);
    bool fresh =
        !hole && ds_tcp_room(tcp) >= bytes.len && new_part(tcp, packet->tcp.sequence, &bytes);
    if (fresh)
        take(tcp, bytes);
    take_early(tcp);
    if (packet->len > 0 || packet->tcp.fin)
        acknowledge_soon(tcp, !fresh || had_hole);
    if (tcp->state == DS_TCP_UP)
        see_end(tcp);
}

/* ---- segments, by the state they meet ---- */

static void come_up(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    struct ds_stream *stream = tcp->stream;
    tcp->state = DS_TCP_UP;
    tcp->tries = 0;
    tcp->unacknowledged = packet->tcp.acknowledge;
    tcp->window = packet->tcp.window;
    ds_timer_stop(stream->net->options.clock, &tcp->again);
    stream->told_open = true;
}

static void refuse(struct ds_net *net, const struct ds_packet *packet);

/* What acknowledges something else is of an earlier connection, in which the other end still
 * believes: RFC 9293 3.10.7.3. */
static void receive_answer(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    struct ds_stream *stream = tcp->stream;
    if (packet->tcp.ack && packet->tcp.acknowledge != tcp->next)
        refuse(stream->net, packet);
    if (!packet->tcp.syn || !packet->tcp.ack || packet->tcp.acknowledge != tcp->next)
        return;
    tcp->expected = packet->tcp.sequence + 1;
    come_up(tcp, packet);
    acknowledge(tcp);
    ds_net_tell(stream->net, stream->place.at, stream->peer, 'o', NO_BYTES);
    ds_stream_connected(stream);
}

/* The third part of the handshake; the listener may have gone meanwhile. */
static void receive_handshake(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    struct ds_stream *stream = tcp->stream;
    if (packet->tcp.syn || !packet->tcp.ack || packet->tcp.acknowledge != tcp->next)
        return;
    struct ds_place *place = ds_place_find(stream->net, DS_PLACE_LISTENER, stream->place.at);
    come_up(tcp, packet);
    if (place == NULL) {
        ds_stream_abandon(stream);
        return;
    }
    ds_listener_incoming(DS_OWNER(place, struct ds_listener, place), stream);
    if (tcp->state == DS_TCP_UP)
        ds_tcp_receive(tcp, packet);
}

/* One that is late, or of another connection, is not meant: RFC 9293 3.10.7. */
static void receive_reset(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    struct ds_stream *stream = tcp->stream;
    bool calling = tcp->state == DS_TCP_CALLING;
    struct ds_addr_text peer = ds_addr_text(stream->peer);
    if (calling ? !packet->tcp.ack || packet->tcp.acknowledge != tcp->next
                : !in_window(tcp, packet->tcp.sequence))
        return;
    ds_tcp_over(tcp);
    if (calling)
        ds_stream_ended(stream, true, "cannot connect to %s: connection refused", peer.text);
    else
        ds_stream_ended(stream, true, "%s reset the connection", peer.text);
    if (stream->events == NULL)
        ds_stream_abandon(stream);
}

void ds_tcp_receive(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    struct ds_stream *stream = tcp->stream;
    struct ds_slice bytes = {packet->bytes, packet->len};
    if (packet->tcp.syn) {
        acknowledge(tcp); /* the end of the handshake was lost */
        return;
    }
    ds_tcp_acknowledged(tcp, packet);
    /* It knows that nobody reads here any more, and goes on. */
    bool goes_on = packet->len > 0 && new_part(tcp, packet->tcp.sequence, &bytes);
    if (goes_on && tcp->end_sent && tcp->unacknowledged == tcp->next) {
        ds_tcp_drop(stream);
        return;
    }
    if (tcp->state == DS_TCP_UP)
        take_data(tcp, packet);
    if (tcp->state == DS_TCP_UP)
        ds_tcp_settle(tcp);
}

/* ---- finding the connection ---- */

static struct ds_tcp *find_connection(struct ds_net *net, const struct ds_packet *packet)
{
    struct ds_place *place = ds_place_find(net, DS_PLACE_LINE, packet->to);
    for (; place != NULL; place = ds_place_next(place)) {
        struct ds_tcp *tcp = DS_OWNER(place, struct ds_tcp, place);
        if (ds_addr_equal(tcp->stream->peer, packet->from))
            return tcp;
    }
    return NULL;
}

static void refuse(struct ds_net *net, const struct ds_packet *packet)
{
    uint32_t end = packet->tcp.sequence + (uint32_t)packet->len + packet->tcp.syn + packet->tcp.fin;
    const struct ds_tcp_mark reset = {
        .sequence = packet->tcp.ack ? packet->tcp.acknowledge : 0,
        .acknowledge = packet->tcp.ack ? 0 : end,
        .rst = true,
        .ack = !packet->tcp.ack,
    };
    if (!packet->tcp.rst)
        ds_wire_send(net, packet->to, packet->from, &reset, NO_BYTES);
}

static void answer_call(struct ds_net *net, const struct ds_packet *packet)
{
    struct ds_place *place = ds_place_find(net, DS_PLACE_LISTENER, packet->to);
    struct ds_stream *stream = NULL;
    if (place != NULL)
        stream = ds_stream_new_incoming(DS_OWNER(place, struct ds_listener, place), packet->to,
                                        packet->from);
    if (stream == NULL || ds_tcp_new(stream, DS_TCP_ANSWERING, NULL) != DS_OK) {
        if (stream != NULL)
            ds_stream_abandon(stream);
        refuse(net, packet);
        return;
    }
    stream->tcp->expected = packet->tcp.sequence + 1;
    stream->tcp->next++;
    ds_tcp_open(stream->tcp);
}

void ds_tcp_deliver(struct ds_net *net, const struct ds_packet *packet)
{
    struct ds_tcp *tcp = find_connection(net, packet);
    if (tcp == NULL && packet->tcp.syn && !packet->tcp.ack)
        answer_call(net, packet);
    else if (tcp == NULL)
        refuse(net, packet);
    else if (packet->tcp.rst)
        receive_reset(tcp, packet);
    else if (tcp->state == DS_TCP_CALLING)
        receive_answer(tcp, packet);
    else if (tcp->state == DS_TCP_ANSWERING)
        receive_handshake(tcp, packet);
    else
        ds_tcp_receive(tcp, packet);
}
