#include "roles_internal.h"

/* Who has promised RTCP (RTCPActiveCalls, RTCPCallsOnHold) and sends none for more than 30 s is
   lost: [TC], domain.md 4. */

#define LONGEST_GAP (30 * DS_S)
#define ON_ITS_WAY  (1 * DS_S) /* what was sent in time has come by then */

static ds_us later(ds_us one, ds_us other)
{
    return one > other ? one : other;
}

static bool is_promised(const struct ds_supervision *supervision)
{
    const struct ds_trunk *trunk = supervision->trunk;
    if (ds_node_has_defect(supervision->node, "demands_rtcp"))
        return true;
    return ds_media_is_on_hold(supervision->media) ? trunk->rtcp_on_hold : trunk->rtcp_active;
}

/* When its last sign of life came. On hold music is one, too. */
static ds_us last_sign(const struct ds_supervision *supervision)
{
    struct ds_media_counts counts = ds_media_counts(supervision->media);
    ds_us reported_at = later(counts.reported_at, supervision->since);
    return ds_media_is_on_hold(supervision->media) ? later(counts.received_at, reported_at)
                                                   : reported_at;
}

static ds_timer_fn on_timer;

static void wait_until(struct ds_supervision *supervision, ds_us at)
{
    const struct ds_node *node = supervision->node;
    supervision->timer.whose = ds_addr_ip4(&node->place->at);
    if (ds_timer_start_at(ds_net_clock(node->net), &supervision->timer, at, on_timer) != DS_OK)
        ds_node_log(node, 1, "out of memory: RTCP is not watched any more");
}

static void on_timer(struct ds_timer *timer)
{
    struct ds_supervision *supervision = DS_OWNER(timer, struct ds_supervision, timer);
    const struct ds_node *node = supervision->node;
    ds_us now = ds_now(ds_net_clock(node->net)), due = last_sign(supervision) + LONGEST_GAP;
    if (due + ON_ITS_WAY > now) {
        wait_until(supervision, due + ON_ITS_WAY);
    } else if (!is_promised(supervision)) {
        wait_until(supervision, now + LONGEST_GAP);
    } else {
        ds_node_log(node, 1, "no RTCP from %s for more than 30 s", supervision->trunk->b->name);
        supervision->lost(supervision);
    }
}

void ds_supervision_start(struct ds_supervision *supervision,
                          const struct ds_node *node,
                          const struct ds_media *media,
                          const struct ds_trunk *trunk,
                          ds_supervision_fn *lost)
{
    ds_us now = ds_now(ds_net_clock(node->net));
    ds_supervision_stop(supervision);
    *supervision = (struct ds_supervision){
        .node = node, .media = media, .trunk = trunk, .lost = lost, .since = now};
    wait_until(supervision, now + LONGEST_GAP + ON_ITS_WAY);
}

void ds_supervision_stop(struct ds_supervision *supervision)
{
    if (supervision->node != NULL)
        ds_timer_stop(ds_net_clock(supervision->node->net), &supervision->timer);
    supervision->node = NULL;
}

const struct ds_trunk *ds_supervised_trunk(const struct ds_topo *topo, struct ds_addr media)
{
    const struct ds_trunk *trunk = ds_topo_peer_trunk(topo, ds_topo_at(topo, media));
    return trunk != NULL && trunk->kind == DS_TRUNK_SIP ? trunk : NULL;
}
