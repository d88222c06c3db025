#include "fault_internal.h"

#include <stdlib.h>

ds_rc ds_net_new(const struct ds_net_options *options,
                 const struct ds_net_ops *ops,
                 struct ds_net **out)
{
    struct ds_net *net = calloc(1, sizeof *net);
    if (net == NULL)
        return DS_NOMEM;
    net->magic = DS_NET_MAGIC;
    net->ops = ops;
    net->options = *options;
    ds_list_init(&net->streams);
    ds_list_init(&net->news);
    ds_list_init(&net->graves);
    ds_list_init(&net->later_graves);
    ds_list_init(&net->machines);
    ds_list_init(&net->faults);
    *out = net;
    return DS_OK;
}

/* Frees what its time has come for; the list is in order of time. */
static void empty_graves(struct ds_list *graves, ds_us now)
{
    while (!ds_list_empty(graves)) {
        struct ds_grave *grave = DS_OWNER(graves->next, struct ds_grave, node);
        if (grave->until > now)
            break;
        ds_list_remove(&grave->node);
        grave->free(grave);
    }
}

static void free_streams(struct ds_net *net)
{
    while (!ds_list_empty(&net->streams)) {
        struct ds_stream *stream = DS_OWNER(net->streams.next, struct ds_stream, node);
        ds_assert(stream->events == NULL);
        ds_list_remove(&stream->node);
        ds_stream_free_memory(stream);
    }
}

void ds_net_free(struct ds_net **out)
{
    struct ds_net *net = *out;
    if (net == NULL)
        return;
    DS_CHECK(net, DS_NET_MAGIC);
    ds_assert(!net->turning && net->handles == 0);
    ds_faults_clean_up(net);
    net->ops->free(net);
    ds_machines_clean_up(net);
    ds_buf_clean_up(&net->probe);
    free_streams(net);
    empty_graves(&net->graves, DS_NEVER);
    empty_graves(&net->later_graves, DS_NEVER);
    net->magic = 0;
    free(net);
    *out = NULL;
}

struct ds_clock *ds_net_clock(const struct ds_net *net)
{
    DS_CHECK(net, DS_NET_MAGIC);
    return net->options.clock;
}

/* Ends that came about inside a call of the owner's. What these callbacks bring about waits for the
 * next turn. */
static void tell_news(struct ds_net *net)
{
    struct ds_list today;
    ds_list_init(&today);
    ds_list_take(&net->news, &today);
    while (!ds_list_empty(&today)) {
        struct ds_stream *stream = DS_OWNER(today.next, struct ds_stream, news);
        ds_list_remove(&stream->news);
        if (stream->events != NULL && stream->events->closed != NULL)
            stream->events->closed(stream->owner, &stream->why);
    }
}

ds_rc ds_net_turn(struct ds_net *net, ds_us until, struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    ds_assert(!net->turning);
    net->turning = true;
    ds_rc rc = net->ops->turn(net, until, why);
    tell_news(net);
    net->turning = false;
    empty_graves(&net->graves, DS_NEVER);
    empty_graves(&net->later_graves, ds_now(net->options.clock));
    return rc;
}

ds_rc ds_net_watch(struct ds_net *net,
                   int fd,
                   ds_net_ready_fn *ready,
                   void *owner,
                   struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    return net->ops->watch(net, fd, ready, owner, why);
}

void ds_net_bury(struct ds_net *net,
                 struct ds_grave *grave,
                 void (*free_it)(struct ds_grave *grave),
                 ds_us keep_us)
{
    grave->free = free_it;
    grave->until = ds_now(net->options.clock) + keep_us;
    ds_list_append(keep_us == 0 ? &net->graves : &net->later_graves, &grave->node);
}

void ds_net_tell(struct ds_net *net,
                 struct ds_addr from,
                 struct ds_addr to,
                 char tcp_event,
                 struct ds_slice bytes)
{
    if (net->options.tap != NULL)
        net->options.tap(net->options.owner, from, to, tcp_event, bytes);
}

void ds_list_take(struct ds_list *from, struct ds_list *to)
{
    while (!ds_list_empty(from)) {
        struct ds_list *node = from->next;
        ds_list_remove(node);
        ds_list_append(to, node);
    }
}

ds_rc ds_net_check_addr(const struct ds_addr *addr, struct ds_why *why)
{
    if (ds_addr_is_v4(addr))
        return DS_OK;
    return ds_fail(why, DS_BAD, "%s is no IPv4 address, and this network has no others",
                   ds_addr_ip_text(*addr).text);
}

bool ds_net_is_simulated(const struct ds_net *net)
{
    return net->ops == &ds_net_simulated_ops;
}

int64_t ds_net_unix_s(const struct ds_net *net)
{
    return ds_clock_unix_us(net->options.clock, ds_now(net->options.clock)) / DS_S;
}
