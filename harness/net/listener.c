#include "net_internal.h"

#include <stdlib.h>

/* Seven parameters: the words of every other opening of a socket, and a TLS identity. */
// NOLINTNEXTLINE(readability-function-size)
ds_rc ds_listener_open(struct ds_net *net,
                       struct ds_addr at,
                       struct ds_tls_identity *tls,
                       ds_accept_fn *accept,
                       void *owner,
                       struct ds_listener **out,
                       struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    ds_assert(accept != NULL);
    ds_rc rc = ds_net_check_addr(&at, why);
    if (rc != DS_OK)
        return rc;
    struct ds_listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL)
        return ds_fail_memory(why);
    *listener = (struct ds_listener){.magic = DS_LISTENER_MAGIC,
                                     .net = net,
                                     .place = {.kind = DS_PLACE_LISTENER, .at = at},
                                     .identity = tls,
                                     .accept = accept,
                                     .owner = owner,
                                     .source = {.fd = -1}};
    rc = net->ops->listen(listener, why);
    if (rc != DS_OK)
        goto fail;
    ds_place_add(net, &listener->place);
    net->handles++;
    *out = listener;
    return DS_OK;
fail:
    free(listener);
    return rc;
}

void ds_listener_ask_names(struct ds_listener *listener, ds_caller_name_fn *name)
{
    DS_CHECK(listener, DS_LISTENER_MAGIC);
    listener->caller_name = name;
}

struct ds_addr ds_listener_at(const struct ds_listener *listener)
{
    DS_CHECK(listener, DS_LISTENER_MAGIC);
    return listener->place.at;
}

/* Connections that have not agreed on TLS yet would have nobody to be told to. */
static void abandon_unagreed(struct ds_listener *listener)
{
    struct ds_list *streams = &listener->net->streams;
    for (struct ds_list *node = streams->next, *next; node != streams; node = next) {
        struct ds_stream *stream = DS_OWNER(node, struct ds_stream, node);
        next = node->next;
        if (stream->listener == listener)
            ds_stream_abandon(stream);
    }
}

void ds_listener_close(struct ds_listener **out)
{
    struct ds_listener *listener = *out;
    if (listener == NULL)
        return;
    DS_CHECK(listener, DS_LISTENER_MAGIC);
    abandon_unagreed(listener);
    listener->magic = 0;
    listener->accept = NULL;
    listener->net->handles--;
    ds_place_remove(listener->net, &listener->place);
    listener->net->ops->unlisten(listener);
    *out = NULL;
}

void ds_listener_incoming(struct ds_listener *listener, struct ds_stream *stream)
{
    stream->listener = listener;
    if (listener->identity != NULL)
        ds_stream_start_patience(stream);
    ds_stream_connected(stream);
}
