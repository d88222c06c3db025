#include "topo_internal.h"

#include <string.h>

/* What becomes of calls to a user: domain.md 1.9, 3.2. */

#define RINGS_S      20 /* by default, as the platform has it */
#define MOST_RINGS_S 60

static ds_rc
load_ring_time(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const struct ds_value *rings = ds_value_get(value, "rings");
    int64_t seconds = rings == NULL ? RINGS_S : rings->whole;
    if (seconds < 1 || seconds > MOST_RINGS_S)
        return ds_refuse(load, rings->line, "'%s' rings for 1 to %d seconds, not %lld", node->name,
                         MOST_RINGS_S, (long long)seconds);
    node->handling.ring_us = seconds * DS_TOPO_SECOND_US;
    return DS_OK;
}

static ds_rc load_number(const struct ds_load *load,
                         const struct ds_value *value,
                         const struct ds_topo_node *node,
                         const char *key,
                         const char **out)
{
    const char *number = ds_value_text(value, key);
    int line = ds_value_line(value, key);
    if (number != NULL && !ds_is_e164(number))
        return ds_refuse(load, line,
                         "calls to '%s' cannot go to '%.40s': %s takes + and 7 to 15 digits",
                         node->name, number, key);
    if (number != NULL && ds_topo_same_person(ds_topo_owner(load->topo, ds_slice_of(number)), node))
        return ds_refuse(load, line, "calls to '%s' would go to '%s' again", node->name,
                         node->name);
    *out = number;
    return DS_OK;
}

/* CallForwardingSimulRingUsageType InternalOnly; what else the user may call is no matter of it. */
static ds_rc
load_policy(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const char *forwarding = ds_value_text(value, "forwarding");
    node->handling.inside_only = forwarding != NULL && strcmp(forwarding, "internal") == 0;
    if (forwarding != NULL && !node->handling.inside_only)
        return ds_refuse(load, ds_value_line(value, "forwarding"),
                         "the forwarding of '%s' may be \"internal\", and is '%.40s'", node->name,
                         forwarding);
    return DS_OK;
}

static ds_rc
load_numbers(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    struct ds_call_handling *handling = &node->handling;
    ds_rc rc = load_number(load, value, node, "unanswered", &handling->unanswered);
    if (rc == DS_OK)
        rc = load_number(load, value, node, "forward", &handling->forward);
    if (rc == DS_OK)
        rc = load_number(load, value, node, "ring_also", &handling->ring_also);
    if (rc == DS_OK && handling->forward != NULL &&
        (handling->ring_also != NULL || handling->unanswered != NULL))
        return ds_refuse(load, ds_value_line(value, "forward"),
                         "all calls to '%s' are forwarded, so that none rings also and none is "
                         "unanswered",
                         node->name);
    return rc;
}

/* All users have it where there is any, but for those who want their calls elsewhere, or none. */
static ds_rc
load_voice_mail(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const struct ds_value *wish = ds_value_get(value, "voice_mail");
    bool there_is = load->topo->voice_mail.server_count > 0;
    bool elsewhere = node->handling.unanswered != NULL || node->handling.forward != NULL;
    if (wish != NULL && wish->flag && (!there_is || elsewhere))
        return ds_refuse(load, wish->line, "'%s' cannot have voice mail: %s", node->name,
                         there_is ? "calls go on to another number"
                                  : "there is no voice_mail in this deployment");
    node->handling.voice_mail = there_is && !elsewhere && node->role == DS_ROLE_CLIENT &&
                                node->user == node && (wish == NULL || wish->flag);
    return DS_OK;
}

static ds_rc load_one(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    static const char *const keys[] = {"unanswered", "rings",      "forward",
                                       "ring_also",  "forwarding", "voice_mail"};
    for (size_t i = 0; i < DS_COUNT(keys); i++) {
        if (ds_value_get(value, keys[i]) != NULL && node->user != node)
            return ds_refuse(load, ds_value_line(value, keys[i]),
                             "'%s' has no '%s': only a client with a number of its own is a user",
                             node->name, keys[i]);
    }
    ds_rc rc = load_ring_time(load, value, node);
    if (rc == DS_OK)
        rc = load_policy(load, value, node);
    if (rc == DS_OK)
        rc = load_numbers(load, value, node);
    return rc == DS_OK ? load_voice_mail(load, value, node) : rc;
}

ds_rc ds_load_handling(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_one(load, &load->nodes[i]);
    return rc;
}
