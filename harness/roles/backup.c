#include "backup_internal.h"

#include <stdio.h>

/* Does the pool answer? It is asked every minute, as trunks are; who is asked, and how often, no
   source says. */

#define POLL (60 * DS_S)
/* domain.md 3.3, "registrar loss" */
#define LOST (300 * DS_S)

static ds_us now_of(const struct ds_pool_watch *watch)
{
    return ds_now(ds_net_clock(watch->node->net));
}

static void move(struct ds_pool_watch *watch, bool away)
{
    const struct ds_topo_node *pool = ds_topo_pool(watch->node->place);
    watch->away = away;
    ds_node_log(watch->node, 1, "%s %s", pool->name, away ? "is lost" : "is back");
    watch->change(watch->node, away ? pool->backup : pool);
}

/* Anything but 200 comes from an Edge that does not get there, or from whoever is there instead. */
static void on_answer(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_pool_watch *watch = owner;
    if (msg == NULL || status != 200)
        return;
    watch->answered = watch->asked;
    if (watch->away && !ds_node_has_defect(watch->node, "never_comes_back"))
        move(watch, false);
}

static void ask(struct ds_pool_watch *watch)
{
    const struct ds_topo_node *place = watch->node->place, *pool = ds_topo_pool(place);
    char uri[160], who[192];
    struct ds_why why;
    watch->asked = now_of(watch);
    snprintf(uri, sizeof uri, "sip:%s:%u;transport=tls", pool->fqdn, ds_topo_port(pool, DS_TLS));
    snprintf(who, sizeof who, "sip:%s@%s", place->user->name, watch->node->topo->domain);
    const struct ds_plain_request request = {
        .method = "OPTIONS", .uri = uri, .from_uri = who, .hop = &watch->hop};
    if (ds_ua_request(watch->node->ua, &request, on_answer, watch, &why) != DS_OK)
        ds_node_log(watch->node, 2, "cannot ask %s: %s", pool->name, why.text);
}

static bool is_lost(const struct ds_pool_watch *watch)
{
    ds_us silent = now_of(watch) - watch->answered;
    if (ds_node_has_defect(watch->node, "stays_with_lost_pool"))
        return false;
    return silent >= (ds_node_has_defect(watch->node, "gives_up_pool_early") ? 2 * POLL : LOST);
}

static void on_poll(struct ds_timer *timer);

static ds_rc wait(struct ds_pool_watch *watch)
{
    return ds_timer_start(ds_net_clock(watch->node->net), &watch->poll, POLL, on_poll);
}

static void on_poll(struct ds_timer *timer)
{
    struct ds_pool_watch *watch = DS_OWNER(timer, struct ds_pool_watch, poll);
    if (wait(watch) != DS_OK)
        ds_node_log(watch->node, 1, "out of memory: nobody watches over the pool any more");
    if (!watch->away && is_lost(watch))
        move(watch, true);
    ask(watch);
}

ds_rc ds_pool_watch_start(struct ds_pool_watch *watch,
                          struct ds_node *node,
                          ds_pool_change_fn *change,
                          struct ds_why *why)
{
    if (ds_topo_backup(node->place) == NULL)
        return DS_OK;
    *watch = (struct ds_pool_watch){.node = node, .change = change};
    watch->hop = ds_node_hop(node->place->home, DS_TLS, 0);
    watch->answered = now_of(watch);
    return wait(watch) == DS_OK ? DS_OK : ds_fail_memory(why);
}

void ds_pool_watch_stop(struct ds_pool_watch *watch)
{
    if (watch->node != NULL)
        ds_timer_stop(ds_net_clock(watch->node->net), &watch->poll);
}
