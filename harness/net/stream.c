#include "sim_internal.h"

#include <stdio.h>
#include <stdlib.h>

static struct ds_stream *new_stream(struct ds_net *net, struct ds_addr at, struct ds_addr peer)
{
    struct ds_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return NULL;
    stream->magic = DS_STREAM_MAGIC;
    stream->net = net;
    stream->place = (struct ds_place){.kind = DS_PLACE_CALLER, .at = at};
    stream->peer = peer;
    stream->source.fd = -1;
    ds_list_append(&net->streams, &stream->node);
    return stream;
}

void ds_stream_free_memory(struct ds_stream *stream)
{
    ds_timer_stop(stream->net->options.clock, &stream->patience);
    ds_place_remove(stream->net, &stream->place);
    ds_tls_free(&stream->tls);
    ds_tcp_free(&stream->tcp);
    ds_late_free(&stream->late);
    ds_buf_clean_up(&stream->held);
    ds_buf_clean_up(&stream->queue);
    free(stream);
}

static void free_buried(struct ds_grave *grave)
{
    ds_stream_free_memory(DS_OWNER(grave, struct ds_stream, grave));
}

void ds_stream_settle(struct ds_stream *stream)
{
    if (!stream->let_go || !stream->wire_done || stream->buried)
        return;
    stream->buried = true;
    if (stream->tcp != NULL)
        ds_tcp_over(stream->tcp);
    ds_timer_stop(stream->net->options.clock, &stream->patience);
    ds_place_remove(stream->net, &stream->place);
    ds_list_remove(&stream->node);
    ds_list_remove(&stream->news);
    ds_net_bury(stream->net, &stream->grave, free_buried, 0);
}

/* ---- opening ---- */

static ds_rc
dial(struct ds_stream *stream, const struct ds_stream_target *target, struct ds_why *why)
{
    stream->is_caller = true;
    if (target->tls != NULL) {
        struct ds_tls_wish wish = {.identity = target->tls,
                                   .peer_name = target->peer_name,
                                   .accept_any_name = target->accept_any_name};
        ds_rc rc = ds_tls_new(stream, &wish, why);
        if (rc != DS_OK)
            return rc;
    }
    return stream->net->ops->connect(stream, why);
}

ds_rc ds_stream_connect(struct ds_net *net,
                        const struct ds_stream_target *target,
                        const struct ds_stream_events *events,
                        void *owner,
                        struct ds_stream **out,
                        struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    ds_rc rc = ds_net_check_addr(&target->from, why);
    if (rc == DS_OK)
        rc = ds_net_check_addr(&target->to, why);
    if (rc != DS_OK)
        return rc;
    struct ds_stream *stream = new_stream(net, target->from, target->to);
    if (stream == NULL)
        return ds_fail_memory(why);
    rc = dial(stream, target, why);
    if (rc != DS_OK)
        goto fail;
    ds_place_add(net, &stream->place);
    net->handles++;
    stream->events = events;
    stream->owner = owner;
    *out = stream;
    return DS_OK;
fail:
    ds_list_remove(&stream->node);
    ds_stream_free_memory(stream);
    return rc;
}

struct ds_stream *
ds_stream_new_incoming(struct ds_listener *listener, struct ds_addr at, struct ds_addr peer)
{
    struct ds_stream *stream = new_stream(listener->net, at, peer);
    struct ds_tls_wish wish = {.identity = listener->identity, .is_server = true};
    if (stream == NULL || listener->identity == NULL)
        return stream;
    if (listener->caller_name != NULL)
        wish.peer_name = listener->caller_name(listener->owner, peer);
    if (ds_tls_new(stream, &wish, NULL) == DS_OK)
        return stream;
    ds_list_remove(&stream->node);
    ds_stream_free_memory(stream);
    return NULL;
}

void ds_stream_connected(struct ds_stream *stream)
{
    if (stream->state != DS_STREAM_DIALLING)
        return;
    if (stream->tls == NULL) {
        ds_stream_up(stream);
        return;
    }
    stream->state = DS_STREAM_AGREEING;
    ds_tls_start(stream);
}

static void send_now(struct ds_stream *stream, struct ds_slice bytes)
{
    if (stream->tls != NULL)
        ds_tls_send(stream, bytes);
    else
        stream->net->ops->write(stream, bytes);
}

/* Hands an agreed stream to the listener's owner, who keeps it or leaves it. */
static void hand_over(struct ds_stream *stream)
{
    struct ds_listener *listener = stream->listener;
    stream->listener = NULL;
    stream->net->handles++;
    listener->accept(listener->owner, stream);
    if (stream->events == NULL && !stream->let_go)
        ds_stream_close(&stream);
}

void ds_stream_up(struct ds_stream *stream)
{
    stream->state = DS_STREAM_OPEN;
    if (!stream->let_go)
        ds_timer_stop(stream->net->options.clock, &stream->patience);
    if (stream->held.len > 0)
        send_now(stream, ds_buf_slice(&stream->held));
    ds_buf_clean_up(&stream->held);
    if (stream->state != DS_STREAM_OPEN)
        return;
    if (stream->let_go)
        ds_stream_part(stream);
    else if (stream->listener != NULL)
        hand_over(stream);
    else if (stream->events->open != NULL)
        stream->events->open(stream->owner);
}

/* ---- carrying ---- */

void ds_stream_deliver(struct ds_stream *stream, struct ds_slice bytes)
{
    if (stream->events != NULL && stream->events->data != NULL && bytes.len > 0)
        stream->events->data(stream->owner, bytes);
}

void ds_stream_arrived(struct ds_stream *stream, struct ds_slice bytes)
{
    if (stream->state != DS_STREAM_OPEN && stream->state != DS_STREAM_AGREEING)
        return;
    if (stream->tls != NULL)
        ds_tls_arrived(stream, bytes);
    else
        ds_stream_deliver(stream, bytes);
}

/* The owner is told in the loop: it may be in the middle of a call of its own. */
void ds_stream_fail_later(struct ds_stream *stream, const char *reason)
{
    stream->state = DS_STREAM_ENDED;
    stream->broken = true;
    snprintf(stream->why.text, sizeof stream->why.text, "the connection to %s failed: %s",
             ds_addr_text(stream->peer).text, reason);
    ds_list_append(&stream->net->news, &stream->news);
    stream->net->ops->drop(stream);
}

void ds_stream_send(struct ds_stream *stream, struct ds_slice bytes)
{
    DS_CHECK(stream, DS_STREAM_MAGIC);
    if (stream->state == DS_STREAM_ENDED)
        return;
    size_t waiting = stream->held.len + stream->queued;
    if (bytes.len > DS_STREAM_MOST || waiting > DS_STREAM_MOST - bytes.len) {
        ds_stream_fail_later(stream,
                             "more than 1 MiB waits to be sent, so the peer has stopped reading");
        return;
    }
    if (stream->state == DS_STREAM_OPEN)
        send_now(stream, bytes);
    else
        ds_buf_add(&stream->held, bytes);
    if (stream->held.broken)
        ds_stream_fail_later(stream, "out of memory");
}

struct ds_addr ds_stream_peer(const struct ds_stream *stream)
{
    DS_CHECK(stream, DS_STREAM_MAGIC);
    return stream->peer;
}

struct ds_addr ds_stream_at(const struct ds_stream *stream)
{
    DS_CHECK(stream, DS_STREAM_MAGIC);
    return stream->place.at;
}

void ds_stream_own(struct ds_stream *stream, const struct ds_stream_events *events, void *owner)
{
    DS_CHECK(stream, DS_STREAM_MAGIC);
    ds_assert(events != NULL && !stream->let_go);
    stream->events = events;
    stream->owner = owner;
}

/* ---- ending ---- */

void ds_stream_ended(struct ds_stream *stream, bool broken, const char *fmt, ...)
{
    va_list args;
    if (stream->state == DS_STREAM_ENDED)
        return;
    va_start(args, fmt);
    vsnprintf(stream->why.text, sizeof stream->why.text, fmt, args);
    va_end(args);
    stream->state = DS_STREAM_ENDED;
    stream->broken = broken;
    if (broken)
        stream->net->ops->drop(stream);
    if (stream->listener != NULL || stream->let_go)
        ds_stream_abandon(stream);
    else if (stream->events != NULL && stream->events->closed != NULL)
        stream->events->closed(stream->owner, &stream->why);
}

void ds_stream_part(struct ds_stream *stream)
{
    if (stream->tls != NULL)
        ds_tls_part(stream);
    if (!stream->broken)
        stream->net->ops->finish(stream);
}

/* Nobody owns it, or ever did: it ends as soon as what it has to say is said. */
void ds_stream_abandon(struct ds_stream *stream)
{
    stream->let_go = true;
    stream->listener = NULL;
    stream->events = NULL;
    ds_list_remove(&stream->news);
    if (!stream->broken)
        ds_stream_part(stream);
    ds_stream_settle(stream);
}

void ds_stream_close(struct ds_stream **out)
{
    struct ds_stream *stream = *out;
    if (stream == NULL)
        return;
    DS_CHECK(stream, DS_STREAM_MAGIC);
    stream->magic = 0;
    stream->net->handles--;
    *out = NULL;
    stream->events = NULL;
    stream->let_go = true;
    bool unopened = stream->state == DS_STREAM_DIALLING || stream->state == DS_STREAM_AGREEING;
    if (unopened && stream->held.len > 0) {
        ds_stream_start_patience(stream);
        return;
    }
    if (stream->state == DS_STREAM_DIALLING) {
        stream->state = DS_STREAM_ENDED;
        stream->broken = true;
        stream->net->ops->drop(stream);
    }
    ds_stream_abandon(stream);
}

static void lose_patience(struct ds_timer *timer)
{
    struct ds_stream *stream = DS_OWNER(timer, struct ds_stream, patience);
    stream->state = DS_STREAM_ENDED;
    stream->broken = true;
    stream->net->ops->drop(stream);
    ds_stream_abandon(stream);
}

void ds_stream_start_patience(struct ds_stream *stream)
{
    ds_rc rc = ds_timer_start(stream->net->options.clock, &stream->patience, DS_PATIENCE_US,
                              lose_patience);
    if (rc != DS_OK)
        ds_stream_ended(stream, true, "out of memory");
}
