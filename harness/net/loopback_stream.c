#include "loopback_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { READS_A_TURN = 4 };

static void tell(struct ds_stream *stream, char tcp_event, struct ds_slice bytes)
{
    ds_net_tell(stream->net, stream->place.at, stream->peer, tcp_event, bytes);
}

/* What a peer that is not ours did, which nobody else can tell. */
static void tell_for_peer(struct ds_stream *stream, char tcp_event, struct ds_slice bytes)
{
    if (!stream->peer_is_ours)
        ds_net_tell(stream->net, stream->peer, stream->place.at, tcp_event, bytes);
}

static void tell_end(struct ds_stream *stream)
{
    if (stream->told_open && !stream->shut) {
        tell(stream, 'c', (struct ds_slice){NULL, 0});
        ds_loopback_sent_ahead(stream, 1);
    }
    stream->shut = true;
}

static void expect(struct ds_stream *stream)
{
    uint32_t events = stream->saw_end ? 0 : EPOLLIN;
    if (stream->queued > 0)
        events |= EPOLLOUT;
    ds_loopback_expect(stream->net, &stream->source, events);
}

/* The descriptor goes at once. The object of a caller waits for a listener of ours that has yet to
 * accept it, for the tap would otherwise take the connection for a stranger's. */
static void release(struct ds_stream *stream)
{
    ds_loopback_unpair(stream);
    ds_loopback_close(stream->net, &stream->source);
    stream->queued = 0;
    bool awaited = stream->is_caller && stream->told_open && !stream->peer_is_ours &&
                   ds_place_find(stream->net, DS_PLACE_LISTENER, stream->peer) != NULL;
    if (awaited && stream->let_go && ds_timer_running(&stream->patience))
        return;
    stream->wire_done = true;
    ds_stream_settle(stream);
}

void ds_loopback_drop(struct ds_stream *stream)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (stream->source.fd >= 0 && stream->told_open) {
        setsockopt(stream->source.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        tell_end(stream);
    }
    ds_loopback_calls_no_more(stream);
    ds_loopback_unpair(stream);
    ds_loopback_close(stream->net, &stream->source);
    stream->queued = 0;
    stream->wire_done = true;
    ds_stream_settle(stream);
}

/* ---- sending ---- */

/* Our end is sent, then what the peer still says is read and forgotten until its end comes: closing
 * on unread bytes would reset the connection and destroy what the peer has yet to read. */
static void shut_down(struct ds_stream *stream)
{
    if (stream->shut)
        return;
    shutdown(stream->source.fd, SHUT_WR);
    tell_end(stream);
    if (stream->saw_end)
        release(stream);
}

/* Bytes the kernel took; below zero on trouble, which reading will name. */
static ssize_t push(struct ds_stream *stream, struct ds_slice bytes)
{
    size_t pushed = 0;
    while (pushed < bytes.len) {
        size_t cut = bytes.len - pushed < DS_STREAM_CUT ? bytes.len - pushed : DS_STREAM_CUT;
        ssize_t sent = send(stream->source.fd, bytes.at + pushed, cut, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR ? (ssize_t)pushed : -1;
        tell(stream, 'd', (struct ds_slice){bytes.at + pushed, (size_t)sent});
        ds_loopback_sent_ahead(stream, (size_t)sent);
        pushed += (size_t)sent;
    }
    return (ssize_t)pushed;
}

static void enqueue(struct ds_stream *stream, struct ds_slice bytes)
{
    struct ds_buf *queue = &stream->queue;
    if (stream->queue_head > 0 && stream->queue_head >= queue->len / 2) {
        memmove(queue->at, queue->at + stream->queue_head, queue->len - stream->queue_head);
        queue->len -= stream->queue_head;
        stream->queue_head = 0;
    }
    ds_buf_add(queue, bytes);
    stream->queued = queue->len - stream->queue_head;
    if (queue->broken)
        ds_stream_fail_later(stream, "out of memory");
    else
        expect(stream);
}

void ds_loopback_write(struct ds_stream *stream, struct ds_slice bytes)
{
    if (stream->source.fd < 0 || stream->shut)
        return;
    ssize_t pushed = stream->queued == 0 ? push(stream, bytes) : 0;
    if (pushed >= 0 && (size_t)pushed < bytes.len)
        enqueue(stream, ds_slice_from(bytes, (size_t)pushed));
}

static void flush(struct ds_stream *stream)
{
    if (stream->queued > 0) {
        ssize_t pushed =
            push(stream, ds_slice_from(ds_buf_slice(&stream->queue), stream->queue_head));
        stream->queue_head += pushed < 0 ? stream->queued : (size_t)pushed;
        stream->queued = stream->queue.len - stream->queue_head;
        if (stream->queued == 0)
            expect(stream);
    }
    if (stream->queued == 0 && stream->finishing)
        shut_down(stream);
}

void ds_loopback_finish(struct ds_stream *stream)
{
    if (stream->finishing)
        return;
    stream->finishing = true;
    if (stream->source.fd < 0) {
        stream->wire_done = true;
        return;
    }
    ds_stream_start_patience(stream);
    if (stream->source.fd >= 0 && stream->queued == 0)
        shut_down(stream);
}

/* ---- receiving ---- */

static void meet_end(struct ds_stream *stream, int error)
{
    stream->shut = stream->shut || error != 0;
    if (stream->shut)
        release(stream);
    else
        expect(stream);
    ds_stream_ended(stream, error != 0, "%s %s the connection", ds_addr_text(stream->peer).text,
                    error == 0 ? "closed" : "reset");
}

/* ---- what faults delay ---- */

static void tell_late(void *owner, const struct ds_late_news *news)
{
    struct ds_stream *stream = owner;
    if (news->is_end)
        meet_end(stream, news->error);
    else if (!stream->shut)
        ds_stream_arrived(stream, news->bytes);
}

static void delay(struct ds_stream *stream, struct ds_late_news *news)
{
    news->from = stream->peer;
    news->at = stream->place.at;
    ds_late_add(&stream->late, stream->net, news, true, tell_late, stream);
}

static void heard(struct ds_stream *stream, struct ds_slice bytes)
{
    const struct ds_tcp_mark segment = {.ack = true, .push = true};
    struct ds_fate fate;
    ds_faults_meet(stream->net, stream->peer, stream->place.at, &segment, bytes, &fate);
    if (fate.delay_us > 0 || ds_late_waits(stream->late))
        delay(stream, &(struct ds_late_news){.delay_us = fate.delay_us, .bytes = bytes});
    else if (!stream->shut)
        ds_stream_arrived(stream, bytes);
}

static void heard_end(struct ds_stream *stream, int error)
{
    if (!stream->saw_end)
        tell_for_peer(stream, 'c', (struct ds_slice){NULL, 0});
    stream->saw_end = true;
    ds_loopback_came(stream->net, &stream->source, SIZE_MAX);
    if (!ds_late_waits(stream->late)) {
        meet_end(stream, error);
        return;
    }
    expect(stream);
    delay(stream, &(struct ds_late_news){.is_end = true, .error = error});
}

static void receive(struct ds_stream *stream)
{
    struct ds_loopback *world = stream->net->world;
    for (int i = 0; i < READS_A_TURN && stream->source.fd >= 0 && !stream->saw_end; i++) {
        ssize_t len = recv(stream->source.fd, world->bytes, sizeof world->bytes, 0);
        if (len < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (len <= 0) {
            heard_end(stream, len < 0 ? errno : 0);
            return;
        }
        struct ds_slice bytes = {world->bytes, (size_t)len};
        ds_loopback_came(stream->net, &stream->source, (size_t)len);
        tell_for_peer(stream, 'd', bytes);
        heard(stream, bytes);
    }
}

static void answered(struct ds_stream *stream)
{
    int error = 0;
    socklen_t size = sizeof error;
    ds_loopback_came(stream->net, &stream->source, 1);
    stream->asks = false;
    getsockopt(stream->source.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        ds_stream_ended(stream, true, "cannot connect to %s: %s", ds_addr_text(stream->peer).text,
                        error == ECONNREFUSED ? "connection refused" : strerror(error));
        return;
    }
    if (!stream->told_open)
        tell(stream, 'o', (struct ds_slice){NULL, 0});
    stream->told_open = true;
    expect(stream);
    ds_stream_connected(stream);
}

static void stream_ready(struct ds_source *source, uint32_t events)
{
    struct ds_stream *stream = DS_OWNER(source, struct ds_stream, source);
    if (stream->state == DS_STREAM_DIALLING) {
        answered(stream);
        return;
    }
    if ((events & EPOLLOUT) != 0)
        flush(stream);
    if (stream->source.fd < 0)
        return;
    if (stream->saw_end && (events & (EPOLLERR | EPOLLHUP)) != 0)
        ds_loopback_drop(stream);
    else
        receive(stream);
}

/* ---- opening ---- */

ds_rc ds_loopback_connect(struct ds_stream *stream, struct ds_why *why)
{
    const int yes = 1;
    const struct sockaddr_in name = ds_loopback_name(stream->peer);
    ds_rc rc =
        ds_loopback_open(&stream->source, SOCK_STREAM, "call from tcp", &stream->place.at, why);
    if (rc != DS_OK)
        return rc;
    stream->source.ready = stream_ready;
    setsockopt(stream->source.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    int failed = connect(stream->source.fd, (const struct sockaddr *)&name, sizeof name);
    if (failed != 0 && errno != EINPROGRESS) {
        ds_stream_fail_later(stream, strerror(errno));
        return DS_OK;
    }
    rc = ds_loopback_watch(stream->net, &stream->source, EPOLLIN | EPOLLOUT, why);
    if (rc != DS_OK)
        ds_loopback_close(stream->net, &stream->source);
    else
        ds_loopback_calls(stream);
    return rc;
}

void ds_loopback_recognise(struct ds_stream *callee)
{
    struct ds_place *place = ds_place_find(callee->net, DS_PLACE_CALLER, callee->peer);
    struct ds_stream *caller = place == NULL ? NULL : DS_OWNER(place, struct ds_stream, place);
    callee->told_open = true;
    callee->peer_is_ours = caller != NULL;
    if (caller == NULL || !caller->told_open)
        ds_net_tell(callee->net, callee->peer, callee->place.at, 'o', (struct ds_slice){NULL, 0});
    if (caller == NULL)
        return;
    caller->told_open = true;
    caller->peer_is_ours = true;
    ds_loopback_pair(caller, callee);
    if (caller->let_go && caller->source.fd < 0) {
        caller->wire_done = true;
        ds_stream_settle(caller);
    }
}

ds_rc ds_loopback_adopt(struct ds_stream *stream, int fd)
{
    const int yes = 1;
    stream->source.fd = fd;
    stream->source.ready = stream_ready;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return ds_loopback_watch(stream->net, &stream->source, EPOLLIN, NULL);
}
