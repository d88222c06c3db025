#include "loopback_internal.h"

#include <stdlib.h>
#include <string.h>

/* What a socket has brought, and a fault delays on its way to who listens. */

struct item {
    struct ds_list node;
    ds_us due;
    struct ds_late_news news; /* its bytes are ours */
    char bytes[];
};

struct ds_late {
    struct ds_net *net;   /* borrowed */
    struct ds_list items; /* owned, next to be told first */
    struct ds_timer timer;
    ds_late_fn *tell;
    void *owner; /* borrowed: owns us */
};

static struct ds_late *new_late(struct ds_net *net, struct ds_addr at, ds_late_fn *tell)
{
    struct ds_late *late = calloc(1, sizeof *late);
    if (late == NULL)
        return NULL;
    late->net = net;
    late->tell = tell;
    late->timer.whose = ds_addr_ip4(&at);
    ds_list_init(&late->items);
    return late;
}

static struct item *next_item(const struct ds_late *late)
{
    return DS_OWNER(late->items.next, struct item, node);
}

static void tell_due(struct ds_timer *timer);

static void wait_for_next(struct ds_late *late)
{
    if (ds_list_empty(&late->items))
        return;
    ds_rc rc =
        ds_timer_start_at(late->net->options.clock, &late->timer, next_item(late)->due, tell_due);
    (void)rc; /* without memory it is lost */
}

/* Who is told may close what it came by, and us with it: that is the last thing done here. */
static void tell_due(struct ds_timer *timer)
{
    struct ds_late *late = DS_OWNER(timer, struct ds_late, timer);
    struct item *item = next_item(late);
    ds_late_fn *tell = late->tell;
    void *owner = late->owner;
    ds_list_remove(&item->node);
    wait_for_next(late);
    tell(owner, &item->news);
    free(item);
}

static void enqueue(struct ds_late *late, struct item *item, bool in_order)
{
    struct ds_list *before = late->items.prev;
    if (in_order && before != &late->items && DS_OWNER(before, struct item, node)->due > item->due)
        item->due = DS_OWNER(before, struct item, node)->due;
    while (before != &late->items && DS_OWNER(before, struct item, node)->due > item->due)
        before = before->prev;
    ds_list_append(before->next, &item->node);
}

void ds_late_add(struct ds_late **out,
                 struct ds_net *net,
                 const struct ds_late_news *news,
                 bool in_order,
                 ds_late_fn *tell,
                 void *owner)
{
    if (*out == NULL)
        *out = new_late(net, news->at, tell);
    struct item *item = *out == NULL ? NULL : malloc(sizeof *item + news->bytes.len);
    if (item == NULL)
        return;
    *item = (struct item){.due = ds_now(net->options.clock) + news->delay_us, .news = *news};
    if (news->bytes.len > 0)
        memcpy(item->bytes, news->bytes.at, news->bytes.len);
    item->news.bytes.at = item->bytes;
    (*out)->owner = owner;
    enqueue(*out, item, in_order);
    wait_for_next(*out);
}

bool ds_late_waits(const struct ds_late *late)
{
    return late != NULL && !ds_list_empty(&late->items);
}

void ds_late_free(struct ds_late **late)
{
    if (*late == NULL)
        return;
    ds_timer_stop((*late)->net->options.clock, &(*late)->timer);
    for (struct ds_list *node = (*late)->items.next, *next; node != &(*late)->items; node = next) {
        next = node->next;
        free(DS_OWNER(node, struct item, node));
    }
    free(*late);
    *late = NULL;
}
