#include "topo_internal.h"

#include <string.h>

/* Who belongs to whom, under which number, and with which voice. */

#define FIRST_TONE_HZ 400
#define TONE_STEP_HZ  150
#define TONES_A_ROUND 18 /* up to 2950 Hz; the next round lies 50 Hz higher */
#define MOST_TALKERS  36

static bool talks(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_CLIENT || node->role == DS_ROLE_PHONE ||
           node->role == DS_ROLE_PSTN || ds_topo_is_analogue(node);
}

bool ds_is_e164(const char *text)
{
    size_t len = strlen(text);
    return text[0] == '+' && len >= 8 && len <= 16 && strspn(text + 1, "0123456789") == len - 1;
}

static bool may_be_home(const struct ds_topo_node *node, const struct ds_topo_node *home)
{
    switch (node->role) {
    case DS_ROLE_CLIENT:
        return home->role == DS_ROLE_POOL || home->role == DS_ROLE_EDGE;
    case DS_ROLE_EDGE:
        return home->role == DS_ROLE_POOL;
    case DS_ROLE_PHONE:
        return home->role == DS_ROLE_PBX;
    case DS_ROLE_ANALOGUE_PHONE:
        return home->role == DS_ROLE_ANALOGUE_GATEWAY;
    case DS_ROLE_FAX:
        return home->role == DS_ROLE_ANALOGUE_GATEWAY || home->role == DS_ROLE_PBX;
    case DS_ROLE_POOL:
    case DS_ROLE_MEDIATION:
    case DS_ROLE_GATEWAY:
    case DS_ROLE_PBX:
    case DS_ROLE_PSTN:
    case DS_ROLE_ANALOGUE_GATEWAY:
    case DS_ROLE_SBC:
    case DS_ROLE_UM:
    case DS_ROLE_CONFERENCING:
    case DS_ROLE_CALL_PARK:
    case DS_ROLE_COUNT:
        break;
    }
    return false;
}

static const char *home_wanted(enum ds_role_kind role)
{
    return role == DS_ROLE_CLIENT  ? "a pool or an edge"
           : role == DS_ROLE_EDGE  ? "a pool"
           : role == DS_ROLE_PHONE ? "a PBX"
           : role == DS_ROLE_FAX   ? "an analogue gateway or a PBX"
                                   : "an analogue gateway";
}

static ds_rc load_home(struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    const char *name = ds_value_text(value, "home");
    int line = ds_value_line(value, "home");
    bool wants = node->role == DS_ROLE_CLIENT || node->role == DS_ROLE_EDGE ||
                 node->role == DS_ROLE_PHONE || ds_topo_is_analogue(node);
    if (name == NULL && !wants)
        return DS_OK;
    if (!wants)
        return ds_refuse(load, line,
                         "only a client, an edge, a phone or an analogue device has a home, and "
                         "'%s' is a %s",
                         node->name, ds_role_name(node->role));
    if (name == NULL)
        return ds_refuse(load, line, "'%s' needs a home: %s", node->name, home_wanted(node->role));
    node->home = ds_topo_find(load->topo, ds_slice_of(name));
    if (node->home == NULL)
        return ds_refuse(load, line, "the home of '%s' is '%.40s', which is no node", node->name,
                         name);
    if (!may_be_home(node, node->home))
        return ds_refuse(load, line, "the home of '%s' must be %s, and '%s' is a %s", node->name,
                         home_wanted(node->role), node->home->name, ds_role_name(node->home->role));
    if (node->home->stands_in_for != NULL)
        return ds_refuse(load, line,
                         "the home of '%s' is '%s', which stands in for '%s' and is nobody's home",
                         node->name, node->home->name, node->home->stands_in_for->name);
    return DS_OK;
}

static ds_rc check_side(const struct ds_load *load, const struct ds_topo_node *node)
{
    int line = ds_value_line(ds_node_value(load, node), "home");
    if (node->role != DS_ROLE_CLIENT)
        return DS_OK;
    if (node->site->external && node->home->role != DS_ROLE_EDGE)
        return ds_refuse(load, line, "'%s' is outside the enterprise: its home must be an edge",
                         node->name);
    if (!node->site->external && node->home->role == DS_ROLE_EDGE)
        return ds_refuse(load, line, "'%s' is inside the enterprise: its home must be a pool",
                         node->name);
    return DS_OK;
}

/* A client may be one more device of a user: then the number is the user's. */
static ds_rc load_user(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    const char *name = ds_value_text(value, "user");
    int line = ds_value_line(value, "user");
    node->away = ds_value_flag(value, "away", false);
    if (node->away && (name == NULL || node->role != DS_ROLE_CLIENT))
        return ds_refuse(load, ds_value_line(value, "away"),
                         "'%s' cannot be away: only a client is that is a device of another one's "
                         "user",
                         node->name);
    if (node->role == DS_ROLE_CLIENT)
        node->user = node->controls != NULL ? node->controls : node;
    if (name == NULL)
        return DS_OK;
    if (node->role != DS_ROLE_CLIENT)
        return ds_refuse(load, line, "'%s' is a %s: only a client is a user's device", node->name,
                         ds_role_name(node->role));
    node->user = ds_topo_find(load->topo, ds_slice_of(name));
    if (node->user == NULL || node->user->role != DS_ROLE_CLIENT || node->user->controls != NULL ||
        ds_value_text(ds_node_value(load, node->user), "user") != NULL)
        return ds_refuse(load, line,
                         "the user of '%s' is '%.40s', which is no client with a number",
                         node->name, name);
    if (ds_value_text(value, "number") != NULL || ds_value_text(value, "extension") != NULL)
        return ds_refuse(load, line, "'%s' is a device of '%s' and has no number of its own",
                         node->name, name);
    return DS_OK;
}

static ds_rc load_number(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    int line = ds_value_line(value, "number");
    if (node->moves_from != NULL)
        return DS_OK;
    node->number = ds_value_text(value, "number");
    if (!talks(node))
        return node->number == NULL
                   ? DS_OK
                   : ds_refuse(load, line, "'%s' is a %s and has no number of its own", node->name,
                               ds_role_name(node->role));
    if (node->number == NULL && node->user != NULL && node->user != node)
        return DS_OK;
    if (node->number == NULL)
        return ds_refuse(load, line, "'%s' needs a number", node->name);
    if (!ds_is_e164(node->number))
        return ds_refuse(load, line,
                         "the number of '%s' must be + and 7 to 15 digits, and is '%.40s'",
                         node->name, node->number);
    return DS_OK;
}

static ds_rc load_extension(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    int line = ds_value_line(value, "extension");
    if (node->moves_from != NULL)
        return DS_OK;
    node->extension = ds_value_text(value, "extension");
    if (node->extension == NULL)
        return DS_OK;
    size_t len = strlen(node->extension);
    if (node->role != DS_ROLE_CLIENT && node->role != DS_ROLE_PHONE)
        return ds_refuse(load, line, "'%s' is a %s and has no extension", node->name,
                         ds_role_name(node->role));
    if (len < 2 || len > 8 || strspn(node->extension, "0123456789") != len)
        return ds_refuse(load, line, "the extension of '%s' must be 2 to 8 digits, and is '%.40s'",
                         node->name, node->extension);
    return DS_OK;
}

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static ds_rc check_unique(const struct ds_load *load, const struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    for (const struct ds_topo_node *other = load->nodes; other < node; other++) {
        if (ds_topo_same_person(other, node))
            continue;
        if (same_text(other->number, node->number))
            return ds_refuse(load, ds_value_line(value, "number"),
                             "'%s' and '%s' have the same number %s", other->name, node->name,
                             node->number);
        if (same_text(other->extension, node->extension))
            return ds_refuse(load, ds_value_line(value, "extension"),
                             "'%s' and '%s' have the same extension %s", other->name, node->name,
                             node->extension);
    }
    return DS_OK;
}

static ds_rc give_tone(const struct ds_load *load, struct ds_topo_node *node, uint32_t *talkers)
{
    bool speaks = talks(node) || node->role == DS_ROLE_UM || node->role == DS_ROLE_CALL_PARK;
    if (!speaks || node->role == DS_ROLE_FAX || node->controls != NULL)
        return DS_OK;
    if (*talkers == MOST_TALKERS)
        return ds_refuse(load, node->line, "at most %d who talk can be told apart", MOST_TALKERS);
    node->tone_hz =
        FIRST_TONE_HZ + *talkers % TONES_A_ROUND * TONE_STEP_HZ + *talkers / TONES_A_ROUND * 50;
    ++*talkers;
    return DS_OK;
}

ds_rc ds_check_places(struct ds_load *load)
{
    ds_rc rc = ds_load_backups(load);
    uint32_t talkers = 0;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++) {
        struct ds_topo_node *node = &load->nodes[i];
        rc = load_home(load, node);
        if (rc == DS_OK)
            rc = check_side(load, node);
        if (rc == DS_OK)
            rc = load_user(load, node);
        if (rc == DS_OK)
            rc = ds_load_person(load, node);
        if (rc == DS_OK)
            rc = load_number(load, node);
        if (rc == DS_OK)
            rc = load_extension(load, node);
        if (rc == DS_OK)
            rc = check_unique(load, node);
        if (rc == DS_OK)
            rc = give_tone(load, node, &talkers);
    }
    return rc;
}
