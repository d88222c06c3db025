#include "sim_internal.h"

#include <stdlib.h>
#include <string.h>

/* The sending half of a simulated connection, and its beginning and end. */

#define FIRST_WAIT DS_S           /* RFC 6298 2.1 */
#define LEAST_WAIT (200 * DS_MS)  /* as Linux has it */
#define MOST_WAIT  (60 * DS_S)    /* RFC 6298 2.5 */
#define MOST_TRIES 15             /* of a segment: RFC 1122 4.2.3.5, as Linux counts */
#define MOST_CALLS 6              /* of a SYN */
#define LINGER     (60 * DS_S)    /* for a peer that never closes */
#define SEGMENT    ((size_t)1460) /* what an Ethernet frame holds */
#define REPEATS    3              /* of an acknowledgement tell of a loss: RFC 5681 3.2 */
#define NO_BYTES   ((struct ds_slice){NULL, 0})

static struct ds_net *net_of(const struct ds_tcp *tcp)
{
    return tcp->stream->net;
}

/* The owner is told in the loop: it may be in the middle of a call of its own. */
void ds_tcp_fail(struct ds_tcp *tcp)
{
    struct ds_stream *stream = tcp->stream;
    if (tcp->state == DS_TCP_OVER)
        return;
    if (stream->events != NULL) {
        ds_stream_fail_later(stream, "out of memory");
        return;
    }
    stream->broken = true;
    ds_tcp_drop(stream);
    ds_stream_abandon(stream);
}

/* A connection that has to wait and cannot would wait for ever. */
void ds_tcp_start(struct ds_tcp *tcp, struct ds_timer *timer, ds_us delay_us, ds_timer_fn *fire)
{
    timer->whose = ds_addr_ip4(&tcp->stream->place.at);
    if (ds_timer_start(net_of(tcp)->options.clock, timer, delay_us, fire) != DS_OK)
        ds_tcp_fail(tcp);
}

static void stop_timers(struct ds_tcp *tcp)
{
    struct ds_clock *clock = net_of(tcp)->options.clock;
    ds_timer_stop(clock, &tcp->again);
    ds_timer_stop(clock, &tcp->gather);
    ds_timer_stop(clock, &tcp->acknowledge);
    ds_timer_stop(clock, &tcp->read);
}

/* ---- beginning and end ---- */

/* A connection begins at a sequence number of its own; one between the same ports, later, beyond
 * what may be left of the one before: RFC 6528 3. */
static uint32_t first_sequence(const struct ds_stream *stream)
{
    struct ds_addr ends[2] = {stream->place.at, stream->peer};
    ds_us every_4_us = ds_now(stream->net->options.clock) / 4;
    return (uint32_t)ds_hash((struct ds_slice){(const char *)ends, sizeof ends}) +
           (uint32_t)every_4_us;
}

ds_rc ds_tcp_new(struct ds_stream *stream, enum ds_tcp_state state, struct ds_why *why)
{
    struct ds_tcp *tcp = calloc(1, sizeof *tcp);
    if (tcp == NULL)
        return ds_fail_memory(why);
    tcp->stream = stream;
    tcp->state = state;
    tcp->unacknowledged = tcp->next = tcp->recover = first_sequence(stream);
    ds_list_init(&tcp->early);
    tcp->place = (struct ds_place){.kind = DS_PLACE_LINE, .at = stream->place.at};
    ds_place_add(stream->net, &tcp->place);
    stream->tcp = tcp;
    return DS_OK;
}

void ds_tcp_free(struct ds_tcp **tcp)
{
    if (*tcp == NULL)
        return;
    ds_tcp_over(*tcp);
    ds_buf_clean_up(&(*tcp)->unread);
    free(*tcp);
    *tcp = NULL;
}

void ds_tcp_over(struct ds_tcp *tcp)
{
    tcp->state = DS_TCP_OVER;
    stop_timers(tcp);
    ds_tcp_forget(tcp);
    ds_place_remove(net_of(tcp), &tcp->place);
    tcp->stream->wire_done = true;
}

void ds_tcp_settle(struct ds_tcp *tcp)
{
    bool all_sent = tcp->end_sent && tcp->unacknowledged == tcp->next;
    if (tcp->state == DS_TCP_UP && all_sent && tcp->saw_end)
        ds_tcp_over(tcp);
    ds_stream_settle(tcp->stream);
}

static void give_up_on(struct ds_tcp *tcp, const char *what)
{
    struct ds_stream *stream = tcp->stream;
    bool calling = tcp->state == DS_TCP_CALLING;
    ds_tcp_over(tcp);
    ds_stream_ended(stream, true, "%s %s%s: %s",
                    calling ? "cannot connect to" : "the connection to",
                    ds_addr_text(stream->peer).text, calling ? "" : " failed", what);
    if (stream->events == NULL)
        ds_stream_abandon(stream);
}

/* ---- segments ---- */

void ds_tcp_emit(struct ds_tcp *tcp, const struct ds_tcp_mark *flags, struct ds_slice bytes)
{
    struct ds_tcp_mark mark = *flags;
    mark.acknowledge = tcp->expected;
    mark.ack = tcp->state != DS_TCP_CALLING;
    mark.window = ds_tcp_room(tcp);
    tcp->told = tcp->expected;
    tcp->unanswered = 0;
    ds_timer_stop(net_of(tcp)->options.clock, &tcp->acknowledge);
    ds_wire_send(net_of(tcp), tcp->stream->place.at, tcp->stream->peer, &mark, bytes);
}

/* Queued bytes that stand at this sequence number, at most so many. */
static struct ds_slice queued_at(const struct ds_tcp *tcp, uint32_t sequence, size_t most)
{
    const struct ds_stream *stream = tcp->stream;
    size_t skip = stream->queue_head + (uint32_t)(sequence - tcp->unacknowledged);
    if (skip >= stream->queue.len)
        return NO_BYTES;
    size_t len = stream->queue.len - skip;
    return (struct ds_slice){stream->queue.at + skip, len < most ? len : most};
}

static size_t segment_bytes(const struct ds_tcp *tcp)
{
    return ds_faults_segment(net_of(tcp), tcp->stream->place.at, tcp->stream->peer, SEGMENT);
}

static void send_at(struct ds_tcp *tcp, uint32_t sequence, struct ds_slice bytes)
{
    bool last = queued_at(tcp, sequence, SIZE_MAX).len == bytes.len;
    ds_tcp_emit(tcp, &(struct ds_tcp_mark){.sequence = sequence, .push = last}, bytes);
}

static ds_timer_fn send_again;

static void wait_for_answer(struct ds_tcp *tcp)
{
    ds_us first = tcp->state == DS_TCP_UP ? LEAST_WAIT : FIRST_WAIT;
    ds_us wait = tcp->tries < 10 ? first << tcp->tries : MOST_WAIT;
    ds_tcp_start(tcp, &tcp->again, wait < MOST_WAIT ? wait : MOST_WAIT, send_again);
}

/* Small segments wait for one another where a fault says so; what has waited leaves. */
static void stop_gathering(struct ds_timer *timer)
{
    struct ds_tcp *tcp = DS_OWNER(timer, struct ds_tcp, gather);
    tcp->pressed = true;
    ds_tcp_push(tcp);
    tcp->pressed = false;
}

static bool gathers(struct ds_tcp *tcp, size_t len, size_t most)
{
    if (tcp->pressed || len >= most || tcp->end_wanted)
        return false;
    ds_us wait_us = ds_faults_gather_us(net_of(tcp), tcp->stream->place.at, tcp->stream->peer);
    if (wait_us > 0 && !ds_timer_running(&tcp->gather))
        ds_tcp_start(tcp, &tcp->gather, wait_us, stop_gathering);
    return wait_us > 0;
}

static void push_end(struct ds_tcp *tcp)
{
    if (!tcp->end_wanted || tcp->end_sent || queued_at(tcp, tcp->next, 1).len > 0)
        return;
    ds_tcp_emit(tcp, &(struct ds_tcp_mark){.sequence = tcp->next, .fin = true}, NO_BYTES);
    tcp->end_sent = true;
    tcp->next++;
}

/* Sends what the peer has room for, then the end where it is wanted. */
void ds_tcp_push(struct ds_tcp *tcp)
{
    size_t most = segment_bytes(tcp);
    while (tcp->state == DS_TCP_UP && !tcp->end_sent) {
        uint32_t flying = tcp->next - tcp->unacknowledged;
        size_t room = tcp->window > flying ? tcp->window - flying : 0;
        struct ds_slice bytes = queued_at(tcp, tcp->next, most < room ? most : room);
        if (bytes.len == 0 || gathers(tcp, bytes.len, most))
            break;
        send_at(tcp, tcp->next, bytes);
        tcp->next += (uint32_t)bytes.len;
    }
    if (tcp->state == DS_TCP_UP)
        push_end(tcp);
    bool no_room = tcp->window == 0 && queued_at(tcp, tcp->next, 1).len > 0;
    bool waits = tcp->unacknowledged != tcp->next || no_room;
    if (tcp->state == DS_TCP_UP && waits && !ds_timer_running(&tcp->again))
        wait_for_answer(tcp);
}

/* ---- losses ---- */

/* What is sent again is no more than what was sent: an acknowledgement of anything else means
 * nothing to us. Where the peer has no room it is one byte, a probe. */
static struct ds_slice oldest(const struct ds_tcp *tcp)
{
    size_t flying = tcp->next - tcp->unacknowledged, most = segment_bytes(tcp);
    if (tcp->window == 0 || flying == 0)
        most = 1;
    return queued_at(tcp, tcp->unacknowledged, flying > 0 && flying < most ? flying : most);
}

static void send_first(struct ds_tcp *tcp)
{
    struct ds_slice bytes = oldest(tcp);
    const struct ds_tcp_mark syn = {.sequence = tcp->unacknowledged, .syn = true};
    if (tcp->state != DS_TCP_UP) {
        ds_tcp_emit(tcp, &syn, NO_BYTES);
    } else if (bytes.len > 0) {
        send_at(tcp, tcp->unacknowledged, bytes);
        if (tcp->next == tcp->unacknowledged)
            tcp->next += (uint32_t)bytes.len;
    } else if (tcp->end_sent) {
        ds_tcp_emit(tcp, &(struct ds_tcp_mark){.sequence = tcp->unacknowledged, .fin = true},
                    NO_BYTES);
    }
}

static void send_again(struct ds_timer *timer)
{
    struct ds_tcp *tcp = DS_OWNER(timer, struct ds_tcp, again);
    unsigned most = tcp->state == DS_TCP_UP ? MOST_TRIES : MOST_CALLS;
    bool lingers = tcp->end_sent && tcp->unacknowledged == tcp->next;
    if (lingers || (tcp->tries >= most && !tcp->has_no_room)) {
        give_up_on(tcp, "connection timed out");
        return;
    }
    tcp->tries++;
    tcp->has_no_room = false; /* until it says so again */
    tcp->recover = tcp->next;
    send_first(tcp);
    wait_for_answer(tcp);
}

/* The bytes are the peer's; an end counts as one more. */
static void drop_acknowledged(struct ds_tcp *tcp, uint32_t count)
{
    struct ds_stream *stream = tcp->stream;
    size_t waiting = stream->queue.len - stream->queue_head;
    size_t bytes = count < waiting ? count : waiting;
    stream->queue_head += bytes;
    stream->queued -= bytes;
    tcp->unacknowledged += count;
    if (stream->queue_head == stream->queue.len) {
        stream->queue.len = stream->queue_head = 0;
    } else if (stream->queue_head > DS_STREAM_CUT) {
        stream->queue.len -= stream->queue_head;
        memmove(stream->queue.at, stream->queue.at + stream->queue_head, stream->queue.len);
        stream->queue_head = 0;
    }
}

static void count_repeat(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    bool repeats = packet->len == 0 && packet->tcp.window == tcp->window && tcp->window > 0 &&
                   tcp->next != tcp->unacknowledged && !packet->tcp.fin;
    tcp->repeats = repeats ? tcp->repeats + 1 : 0;
    if (tcp->repeats != REPEATS)
        return;
    tcp->recover = tcp->next;
    send_first(tcp);
}

void ds_tcp_acknowledged(struct ds_tcp *tcp, const struct ds_packet *packet)
{
    uint32_t count = packet->tcp.acknowledge - tcp->unacknowledged;
    uint32_t flying = tcp->next - tcp->unacknowledged;
    if (count > flying)
        return; /* of old, or of what was never sent */
    bool has_room_again = tcp->window == 0 && packet->tcp.window > 0;
    bool partly = count > 0 && (int32_t)(tcp->recover - packet->tcp.acknowledge) > 0;
    if (count == 0)
        count_repeat(tcp, packet);
    drop_acknowledged(tcp, count);
    tcp->window = packet->tcp.window;
    tcp->has_no_room = tcp->window == 0;
    if (count > 0 || has_room_again) {
        tcp->tries = tcp->repeats = 0;
        ds_timer_stop(net_of(tcp)->options.clock, &tcp->again);
    }
    if (partly)
        send_first(tcp); /* the next hole: RFC 6582 3.2 */
    ds_tcp_push(tcp);
    if (tcp->end_sent && tcp->unacknowledged == tcp->next && !tcp->saw_end)
        ds_tcp_start(tcp, &tcp->again, LINGER, send_again);
}

/* ---- what a stream asks for ---- */

/* SYN, or SYN and ACK, until they are answered. */
void ds_tcp_open(struct ds_tcp *tcp)
{
    send_first(tcp);
    wait_for_answer(tcp);
}

ds_rc ds_tcp_call(struct ds_stream *stream, struct ds_why *why)
{
    ds_rc rc = ds_tcp_new(stream, DS_TCP_CALLING, why);
    if (rc != DS_OK)
        return rc;
    struct ds_tcp *tcp = stream->tcp;
    tcp->next++;
    ds_tcp_open(tcp);
    return DS_OK;
}

void ds_tcp_write(struct ds_stream *stream, struct ds_slice bytes)
{
    if (stream->tcp->state == DS_TCP_OVER || stream->tcp->end_wanted)
        return;
    ds_buf_add(&stream->queue, bytes);
    if (stream->queue.broken) {
        ds_stream_fail_later(stream, "out of memory");
        return;
    }
    stream->queued += bytes.len;
    for (struct ds_slice rest = bytes; rest.len > 0;) {
        struct ds_slice cut = {rest.at, rest.len < DS_STREAM_CUT ? rest.len : DS_STREAM_CUT};
        ds_net_tell(stream->net, stream->place.at, stream->peer, 'd', cut);
        rest = ds_slice_from(rest, cut.len);
    }
    ds_tcp_push(stream->tcp);
}

static void tell_end(struct ds_stream *stream)
{
    if (stream->told_open)
        ds_net_tell(stream->net, stream->place.at, stream->peer, 'c', NO_BYTES);
    stream->told_open = false;
}

void ds_tcp_finish(struct ds_stream *stream)
{
    struct ds_tcp *tcp = stream->tcp;
    if (tcp == NULL || tcp->state != DS_TCP_UP) {
        ds_tcp_drop(stream);
        return;
    }
    tell_end(stream);
    tcp->end_wanted = true;
    ds_tcp_push(tcp);
    ds_tcp_settle(tcp);
}

/* A call that nobody has answered yet is given up in silence. */
void ds_tcp_drop(struct ds_stream *stream)
{
    struct ds_tcp *tcp = stream->tcp;
    stream->wire_done = true;
    if (tcp != NULL && tcp->state != DS_TCP_OVER) {
        tell_end(stream);
        if (tcp->state != DS_TCP_CALLING)
            ds_tcp_emit(tcp, &(struct ds_tcp_mark){.sequence = tcp->next, .rst = true}, NO_BYTES);
        ds_tcp_over(tcp);
    }
    ds_stream_settle(stream);
}
